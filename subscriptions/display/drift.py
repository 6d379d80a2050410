"""Drift of a subscription as its page shows it."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from processes.lists.values import for_people
from subscriptions.queries.validations import Verdicts

LONGEST_TEXT = 2_000
"""Characters of a value that are shown; REST tells all."""


@dataclass(frozen=True)
class DriftLine:
    """A fact that differs, its values as texts."""

    fact: str
    expected: str
    actual: str
    since: datetime
    workflow_name: str
    process_id: UUID


def drift_lines(verdicts: Verdicts) -> list[DriftLine]:
    """Every difference, the oldest first."""
    return [
        DriftLine(
            row.fact,
            for_people(row.expected, nothing="nothing")[:LONGEST_TEXT],
            for_people(row.actual, nothing="nothing")[:LONGEST_TEXT],
            row.since,
            row.workflow_name,
            row.process_id,
        )
        for row in verdicts.drift
    ]
