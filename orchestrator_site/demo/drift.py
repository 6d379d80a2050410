"""Drift: where the inventory says something else than the subscription."""

from collections.abc import Mapping
from typing import Any

from processes.engine import Difference, Drift, differences

MISSING = "missing"


def check_same(subject: str, expected: Mapping[str, Any], actual: Mapping[str, Any] | None) -> None:
    """Raises Drift naming each fact that differs; an `actual` of None is an object that is gone."""
    if actual is None:
        raise Drift([Difference(subject, "present", MISSING)], subject)
    found = differences(expected, actual)
    if found:
        raise Drift(found, subject)
