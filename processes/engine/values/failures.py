"""What a step raises to say how it failed: data disagree, a system cannot be reached, the process has to end. Pure.

The classes that authors of the Workflow Orchestrator know are names of these (`ProcessFailureError`,
`InconsistentDataError`). What errors of libraries tell is in `foreign_errors`.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import orjson

from processes.engine.values import json_text
from processes.engine.values.text import clean_text, said_by

MOST_DIFFERENCES = 1_000
"""Differences that are kept of one drift; the message says how many there are."""
SHOWN_DIFFERENCES = 20
"""Differences that the message lists."""
DETAILS_LIMIT = 100_000
"""Bytes of the details that are kept with an error; of more only their size is."""


class StepFailure(Exception):
    """A step failed. `details`, JSON or what can be shown as text, is kept beside the message."""

    def __init__(self, message: str = "", details: Any = None) -> None:
        super().__init__(message)
        self.message = message
        self.details = details


class Inconsistent(StepFailure):
    """Data disagree: an external system shows something else than the subscription says."""


class Unavailable(StepFailure):
    """An external system cannot be reached now. With `retry_after` seconds the step is tried again no sooner.

    A step with a retry policy keeps to its number of tries; one without is tried again after `retry_after` seconds, or
    fails when none are given.
    """

    retryable = True

    def __init__(self, message: str = "", details: Any = None, *, retry_after: float | None = None) -> None:
        super().__init__(message, details)
        if retry_after is not None and not (math.isfinite(retry_after) and retry_after >= 0):
            raise ValueError("retry_after must be a number of seconds, 0 or more.")
        self.retry_after = retry_after


class Abort(StepFailure):
    """The process has to end here: it is aborted, with the message as the reason."""

    retryable = False


@dataclass(frozen=True)
class Difference:
    """One fact that should be `expected` and is `actual`; both are JSON, None stands for nothing."""

    fact: str
    expected: Any
    actual: Any

    def __str__(self) -> str:
        return f"{self.fact}: {_shown(self.expected)} → {_shown(self.actual)}"

    def as_json(self) -> dict[str, Any]:
        return {"fact": str(self.fact), "expected": plain_json(self.expected), "actual": plain_json(self.actual)}


class Drift(Inconsistent):
    """An external system differs from the subscription, by these differences; `subject` is what was compared."""

    retryable = False

    def __init__(self, differences: Sequence[Difference], subject: str = "the subscription") -> None:
        found = tuple(differences)
        listed = "".join(f"\n  {each}" for each in found[:SHOWN_DIFFERENCES])
        more = f"\n  and {len(found) - SHOWN_DIFFERENCES} more" if len(found) > SHOWN_DIFFERENCES else ""
        message = f"Reality differs from {subject} (expected → actual):{listed}{more}"
        super().__init__(message, {"differences": [each.as_json() for each in found[:MOST_DIFFERENCES]]})
        self.subject = subject
        self.differences = found


def differences(expected: Mapping[str, Any], actual: Mapping[str, Any]) -> tuple[Difference, ...]:
    """Each fact of `expected` that is something else in `actual`, in the order of `expected`."""
    return tuple(
        Difference(fact, value, actual.get(fact)) for fact, value in expected.items() if actual.get(fact) != value
    )


ProcessFailureError = StepFailure
InconsistentData = Inconsistent
InconsistentDataError = Inconsistent
"""The names that authors of the Workflow Orchestrator know."""


def details_of(error: BaseException) -> Any:
    """What is kept of an error besides its message: JSON of at most `DETAILS_LIMIT` bytes, or None."""
    details = plain_json(getattr(error, "details", None)) if _has_details(error) else None
    size = len(orjson.dumps(details))
    return details if size <= DETAILS_LIMIT else {"omitted_bytes": size}


def plain_json(value: Any) -> Any:
    """A value as JSON that every database takes; what has no JSON form is shown as a text."""
    try:
        encoded = json_text.to_database(value, default=_text)
        return _cleaned(orjson.loads(encoded))
    except (TypeError, ValueError, RecursionError):
        return clean_text(_text(value))


def _has_details(error: BaseException) -> bool:
    """Ours, and those of a class by the name that the Workflow Orchestrator gives it."""
    return isinstance(error, StepFailure) or any(c.__name__ == "ProcessFailureError" for c in type(error).__mro__)


def _text(value: Any) -> str:
    """A set as its members in order; anything else as it says."""
    return ", ".join(sorted(map(_text, value))) if isinstance(value, set | frozenset) else said_by(value)


def _cleaned(value: Any) -> Any:
    match value:
        case str():
            return clean_text(value)
        case dict():
            return {clean_text(key): _cleaned(inner) for key, inner in value.items()}
        case list():
            return [_cleaned(inner) for inner in value]
        case _:
            return value


def _shown(value: Any) -> str:
    """A value in a sentence."""
    match value:
        case None | "" | [] | ():
            return "nothing"
        case bool():
            return "Yes" if value else "No"
        case str():
            return value
        case list() | tuple():
            return ", ".join(map(_shown, value))
        case _:
            return _text(value)
