"""JSON columns give back what was written: the same type, the same number, on every database."""

from typing import Any
from uuid import uuid4

import pytest
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError

from processes.models import FormDraft, Idempotency
from processes.models.json_field import JSONField

pytestmark = pytest.mark.django_db

EDGES = [1e16, 1e20, -1e22, 1.7976931348623157e308, 5e-324, 0.1, 1.0, 0, 2**63 - 1, -(2**63), 2**64 - 1, [], {}, ""]


@pytest.mark.parametrize("value", EDGES, ids=repr)
def test_draft_keeps_a_value_as_it_was(operator: User, value: Any) -> None:
    draft = FormDraft.objects.create(id=uuid4(), user=operator, operation="x", pages=[{"a": value}])

    kept = FormDraft.objects.get(pk=draft.pk).pages[0]["a"]

    assert (type(kept), kept) == (type(value), value)


def test_answer_under_an_idempotency_key_keeps_its_numbers() -> None:
    Idempotency.objects.create(actor="a", operation="o", key="k", request_hash="", status=200, body={"x": 1e20})

    assert list(Idempotency.objects.values_list("body", flat=True)) == [{"x": 1e20}]


@pytest.mark.parametrize("depth", [255, 5000])
def test_a_form_refuses_what_is_nested_too_deep(depth: int) -> None:
    """M9."""
    field = JSONField().formfield()

    with pytest.raises(ValidationError, match="valid JSON"):
        field.clean("[" * depth + "]" * depth)


def test_a_form_reads_what_can_be_kept() -> None:
    assert JSONField().formfield().clean('{"a": [1e16, {"b": null}]}') == {"a": [1e16, {"b": None}]}
