"""Resource types in the admin."""

import pytest
from django.test import Client

from products.models import ResourceType
from tests.products.admin.conftest import errors, fields_at_fault
from tests.products.admin.posting import as_sent

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ({"kind": "enum"}, "An enum needs choices."),
        ({"kind": "integer", "choices_text": "1\nx"}, "Enter a whole number on each line."),
        ({"kind": "integer", "minimum": "5", "maximum": "1"}, "The minimum is above the maximum."),
        ({"kind": "integer", "minimum": "low"}, "“low” is not a number."),
        ({"kind": "integer", "maximum": "99999999999999999999"}, "The bounds of an integer must fit in 64 bits."),
        ({"kind": "decimal", "minimum": "1e400"}, "A bound must have at most 38 digits."),
        ({"kind": "decimal", "maximum": "1e38"}, "A bound must have at most 38 digits."),
        ({"kind": "decimal", "maximum": "1e999999999"}, "A bound must have at most 38 digits."),
        ({"kind": "string", "pattern": "a{4294967295}"}, "The pattern repeats something more than 1000 times"),
        ({"kind": "string", "max_length": "100001"}, "A length lies between 0 and 100000."),
        ({"kind": "string", "pattern": "("}, "The pattern cannot be run in linear time: missing ): (."),
    ],
)
def test_types_that_contradict_themselves(data: dict[str, str], message: str, modelling: Client) -> None:
    found = errors(modelling, "/admin/products/resourcetype/add/", {"name": "x", **data})

    assert any(message in error for error in found), found
    assert not ResourceType.objects.exists()


@pytest.mark.parametrize(
    ("data", "field"),
    [
        ({"kind": "enum"}, "choices_text"),
        ({"kind": "integer", "maximum": "high"}, "maximum"),
        ({"pattern": "("}, "pattern"),
    ],
)
def test_a_contradiction_is_said_beside_its_field(data: dict[str, object], field: str, modelling: Client) -> None:
    sent: dict[str, object] = {"name": "x", "kind": "string", **data}

    assert fields_at_fault(modelling, "/admin/products/resourcetype/add/", sent) == [field]


def test_choices_are_kept_in_their_type(modelling: Client) -> None:
    modelling.post(
        "/admin/products/resourcetype/add/", {"name": "speed", "kind": "integer", "choices_text": "1000\n 10000\n\n"}
    )

    assert ResourceType.objects.get().choices == [1000, 10000]


def test_choices_have_labels_line_by_line(modelling: Client) -> None:
    modelling.post(
        "/admin/products/resourcetype/add/",
        {"name": "mode", "kind": "enum", "choices_text": "tagged\nplain\nlink", "labels_text": "With tags\n\nMember"},
    )

    row = ResourceType.objects.get()
    assert (row.choices, row.labels) == (["tagged", "plain", "link"], {"tagged": "With tags", "link": "Member"})
    address = f"/admin/products/resourcetype/{row.pk}/change/"
    assert modelling.get(address).context["adminform"].form["labels_text"].value() == "With tags\n\nMember"
    modelling.post(address, as_sent(modelling, address, name="port_mode"))
    row.refresh_from_db()
    assert (row.name, row.formerly, row.labels) == ("port_mode", "mode", {"tagged": "With tags", "link": "Member"})


def test_more_labels_than_choices_are_refused(modelling: Client) -> None:
    data: dict[str, object] = {"name": "mode", "kind": "enum", "choices_text": "a", "labels_text": "A\nB"}

    assert errors(modelling, "/admin/products/resourcetype/add/", data) == ["There are more labels than choices."]
