"""Keep what a validation found, with the moment since which each difference has been there."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from subscriptions.models import Validation

Found = Mapping[str, Any]
"""A difference as data: fact, expected, actual."""


@transaction.atomic
def record_validation(
    subscription_id: UUID, workflow_name: str, *, process_id: UUID, at: datetime, differences: Iterable[Found]
) -> Validation:
    """The verdict of a validation; without differences the subscription agrees with reality.

    What differed before keeps its `since`, whatever it is now.
    """
    rows = Validation.objects.select_for_update()
    before = rows.filter(subscription=subscription_id, workflow_name=workflow_name).first()
    since = {row["fact"]: row["since"] for row in before.differences} if before else {}
    now = at.astimezone(UTC).isoformat().replace("+00:00", "Z")
    found = [_row(each, since.get(each.get("fact"), now)) for each in differences]
    validation, _ = Validation.objects.update_or_create(
        subscription_id=subscription_id,
        workflow_name=workflow_name,
        defaults={"process_id": process_id, "at": at, "differences": found, "has_drift": bool(found)},
    )
    return validation


def _row(found: Found, since: str) -> dict[str, Any]:
    return {
        "fact": found.get("fact"),
        "expected": found.get("expected"),
        "actual": found.get("actual"),
        "since": since,
    }
