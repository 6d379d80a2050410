"""What is kept of validations."""

from datetime import UTC, datetime
from uuid import UUID, uuid4

import pytest

from subscriptions.actions import record_validation
from subscriptions.models import Validation
from tests.factories import subscriptions as make

pytestmark = pytest.mark.usefixtures("offered")
FIRST, LATER = datetime(2026, 11, 1, 2, 30, tzinfo=UTC), datetime(2026, 11, 2, 2, 30, tzinfo=UTC)


def found(fact: str, actual: object) -> dict[str, object]:
    return {"fact": fact, "expected": "active", "actual": actual}


def validated(subscription_id: UUID, at: datetime, *differences: dict[str, object]) -> Validation:
    return record_validation(subscription_id, "validate_node", process_id=uuid4(), at=at, differences=differences)


def test_difference_keeps_the_moment_since_which_it_is_there() -> None:
    node = make.node().subscription_id
    validated(node, FIRST, found("status", "planned"))

    validated(node, LATER, found("status", "failed"), found("name", None))

    row = Validation.objects.get()
    assert (row.at, row.has_drift) == (LATER, True)
    assert row.differences == [
        {"fact": "status", "expected": "active", "actual": "failed", "since": "2026-11-01T02:30:00Z"},
        {"fact": "name", "expected": "active", "actual": None, "since": "2026-11-02T02:30:00Z"},
    ]


def test_agreement_ends_the_drift() -> None:
    node = make.node().subscription_id
    validated(node, FIRST, found("status", "planned"))

    row = validated(node, LATER)

    assert (row.at, row.has_drift, row.differences) == (LATER, False, [])
    assert Validation.objects.get() == row
