"""When subscriptions were compared with reality, and what differed."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from subscriptions.models import Validation


@dataclass(frozen=True)
class DriftRow:
    """A fact that differs: what the subscription says, what reality says, since when, and who found it."""

    fact: str
    expected: Any
    actual: Any
    since: datetime
    workflow_name: str
    process_id: UUID


@dataclass(frozen=True)
class Verdicts:
    """The last verdict of each workflow, the latest first."""

    validations: tuple[Validation, ...]

    @property
    def latest(self) -> Validation | None:
        return self.validations[0] if self.validations else None

    @property
    def drift(self) -> tuple[DriftRow, ...]:
        """Every difference, the oldest first."""
        rows = (
            DriftRow(
                row["fact"],
                row["expected"],
                row["actual"],
                datetime.fromisoformat(row["since"]),
                one.workflow_name,
                one.process_id,
            )
            for one in self.validations
            for row in one.differences
        )
        return tuple(sorted(rows, key=lambda row: row.since))


def verdicts(subscription_id: UUID) -> Verdicts:
    """What validations said of a subscription last, in one query."""
    return Verdicts(tuple(Validation.objects.filter(subscription=subscription_id).order_by("-at", "workflow_name")))
