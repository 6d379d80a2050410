"""What the forms of the catalogue refuse, and beside which field they say so."""

import pytest
from django.test import Client

from products.models import ProductBlock
from tests.factories import products as factory
from tests.products.admin.conftest import FIELD, errors, fields_at_fault
from tests.products.admin.posting import NO_RULES, as_sent, inline

pytestmark = pytest.mark.django_db


def test_a_block_cannot_own_itself(modelling: Client) -> None:
    port, node = factory.block("Port"), factory.block("Node")
    factory.block_field(node, "ports", port)
    address = f"/admin/products/productblock/{port.pk}/change/"
    field = {**FIELD, "name": "node", "kind": "block", "blocks": [str(node.pk)]}

    found = errors(
        modelling, address, {"name": "Port", "tag": "P", "status": "active", **NO_RULES, **inline("fields", [field])}
    )

    assert found == ["block Node: would own itself: Node → Port → Node."]
    assert not port.fields.exists()


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"name": "1st"}, "“1st” must be a name of letters, digits and underscores that does not begin with a digit."),
        ({"name": "name"}, "“name” is a name that the system itself uses; choose another."),
        ({"resource_type": ""}, "This field must have a resource type."),
        ({"kind": "block"}, "This field must name the block it holds."),
        ({"default_text": "many"}, "The default must be a whole number."),
        ({"minimum": "3"}, "This field is not a list, so it has no minimum, maximum or unique members."),
        (
            {"kind": "scalar_list", "minimum": "3", "maximum": "2"},
            "This field cannot have at least 3 and at most 2 members.",
        ),
        ({"kind": "scalar_list", "default_text": "1, x"}, "The default must be a whole number."),
        ({"computed": "{a"}, "This field is computed, and has a brace without its partner"),
    ],
)
def test_fields_that_cannot_be_built(changes: dict[str, str], message: str, modelling: Client) -> None:
    number = factory.resource_type("number", "integer")
    field = {**FIELD, "name": "number", "resource_type": str(number.pk), **changes}

    found = errors(
        modelling,
        "/admin/products/productblock/add/",
        {"name": "B", "status": "active", **NO_RULES, **inline("fields", [field])},
    )

    assert any(message in error for error in found), found
    assert not ProductBlock.objects.exists()


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"name": "1st"}, "name"),
        ({"resource_type": ""}, "resource_type"),
        ({"kind": "scalar_list", "minimum": "2", "default_text": "1"}, "default_text"),
        ({"computed": "{a"}, "computed"),
    ],
)
def test_a_fault_is_said_beside_its_field(changes: dict[str, str], field: str, modelling: Client) -> None:
    number = factory.resource_type("number", "integer")
    row = {**FIELD, "name": "number", "resource_type": str(number.pk), **changes}
    sent = {"name": "B", "status": "active", **NO_RULES, **inline("fields", [row])}

    assert fields_at_fault(modelling, "/admin/products/productblock/add/", sent)[:1] == [field]


def test_constants_are_checked(modelling: Client) -> None:
    product = factory.published()
    address = f"/admin/products/product/{product.pk}/change/"

    found = errors(modelling, address, as_sent(modelling, address, **{"fixed_inputs-0-value_text": "fast"}))

    assert found == ["The value must be a whole number."]
