"""What steps raise to say how they failed."""

from collections.abc import Mapping
from datetime import date
from typing import Any

import pytest

from processes.engine import (
    Difference,
    Drift,
    Inconsistent,
    InconsistentDataError,
    ProcessFailureError,
    StepFailure,
    Unavailable,
    differences,
)
from processes.engine.values.failures import DETAILS_LIMIT, MOST_DIFFERENCES, SHOWN_DIFFERENCES, details_of


class Unspeakable:
    """Cannot say what it is."""

    def __str__(self) -> str:
        raise RuntimeError


def test_what_is_the_same_is_no_difference() -> None:
    expected: Mapping[str, Any] = {"name": "ams", "speed": 1000, "vlans": [1, 2]}

    assert differences(expected, {**expected, "serial": "unasked"}) == ()
    assert differences(expected, {"name": "ams", "vlans": [2, 1]}) == (
        Difference("speed", 1000, None),
        Difference("vlans", [1, 2], [2, 1]),
    )


def test_drift_says_expected_and_actual() -> None:
    drift = Drift(
        [Difference("name", "ams", ""), Difference("up", expected=True, actual=False), Difference("vlans", [1, 2], [])],
        "node ams",
    )

    assert str(drift) == (
        "Reality differs from node ams (expected → actual):\n"
        "  name: ams → nothing\n  up: Yes → No\n  vlans: 1, 2 → nothing"
    )


def test_large_drift_is_kept_in_part() -> None:
    drift = Drift([Difference(f"vlan {number}", 1, 2) for number in range(2 * MOST_DIFFERENCES)])

    assert len(details_of(drift)["differences"]) == MOST_DIFFERENCES
    assert str(drift).endswith(f"\n  and {2 * MOST_DIFFERENCES - SHOWN_DIFFERENCES} more")


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        (None, None),
        ({"a": [1, "b"]}, {"a": [1, "b"]}),
        (date(2026, 1, 2), "2026-01-02"),
        ({3, 1}, "1, 3"),
        ("a\0b", "a\N{REPLACEMENT CHARACTER}b"),
        (Unspeakable(), "The value could not be rendered: RuntimeError."),
        ({1: "number as key"}, "{1: 'number as key'}"),
        ("x" * DETAILS_LIMIT, {"omitted_bytes": DETAILS_LIMIT + 2}),
    ],
    ids=["nothing", "JSON", "date", "set", "NUL", "unspeakable", "no JSON", "too much"],
)
def test_details_are_always_what_can_be_kept(given: object, kept: object) -> None:
    assert details_of(ProcessFailureError("It failed.", given)) == kept


def test_details_of_any_other_error_are_its_own() -> None:
    error = ValueError("no")
    error.details = {"password": "secret"}  # type: ignore[attr-defined]

    assert details_of(error) is None


def test_names_of_the_workflow_orchestrator_are_ours() -> None:
    with pytest.raises(Inconsistent, match="differs") as caught:
        raise InconsistentDataError("differs", {"expected": 1})

    assert isinstance(caught.value, ProcessFailureError)
    assert (caught.value.message, caught.value.details) == ("differs", {"expected": 1})


@pytest.mark.parametrize("seconds", [-1, float("nan"), float("inf")])
def test_unavailable_asks_for_a_time_that_comes(seconds: float) -> None:
    with pytest.raises(ValueError, match="retry_after must be a number of seconds"):
        Unavailable("down", retry_after=seconds)


def test_message_is_the_text_of_a_failure() -> None:
    assert str(StepFailure("It failed.", {"code": 7})) == "It failed."
