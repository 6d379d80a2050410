"""Drift: where the inventory says something else than the subscription."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from subscriptions.workflows import for_people

MISSING = "missing"


@dataclass(frozen=True)
class Difference:
    """One fact that should be `expected` and is `actual`."""

    fact: str
    expected: Any
    actual: Any

    def __str__(self) -> str:
        expected, actual = (for_people(value, nothing="nothing") for value in (self.expected, self.actual))
        return f"{self.fact}: {expected} → {actual}"


class DriftFound(Exception):
    """The inventory differs from the subscription; each difference reads expected → actual."""

    retryable = False

    def __init__(self, subject: str, differences: tuple[Difference, ...]) -> None:
        listed = "\n".join(f"  {each}" for each in differences)
        super().__init__(f"The inventory differs from {subject} (expected → actual):\n{listed}")
        self.subject = subject
        self.differences = differences


def check_same(subject: str, expected: Mapping[str, Any], actual: Mapping[str, Any] | None) -> None:
    """Raises DriftFound naming each fact that differs; an `actual` of None is an object that is gone."""
    if actual is None:
        raise DriftFound(subject, (Difference(subject, "present", MISSING),))
    found = tuple(
        Difference(fact, value, actual.get(fact)) for fact, value in expected.items() if actual.get(fact) != value
    )
    if found:
        raise DriftFound(subject, found)
