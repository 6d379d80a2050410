"""What a try of a step can come to. What that makes of its process is said by `transitions`."""

from dataclasses import dataclass, field
from enum import StrEnum

from processes.engine.values.errors import StepError
from processes.engine.values.status import ProcessStatus


class Sign(StrEnum):
    """What a try tells of the external system that its step calls."""

    NONE = "none"
    ALIVE = "alive"
    TROUBLE = "trouble"


@dataclass(frozen=True)
class Success:
    """The step did its work; `patch` holds the keys it returned, as JSON bytes."""

    patch: dict[str, bytes] = field(default_factory=dict)


@dataclass(frozen=True)
class Skipped:
    """Its condition did not hold; the state is as before."""


@dataclass(frozen=True)
class NeedsInput:
    """A person is asked."""

    assignee: str


@dataclass(frozen=True)
class RetryLater:
    """It failed and is tried again by itself after `seconds`."""

    error: StepError
    seconds: float
    sign: Sign = Sign.NONE


@dataclass(frozen=True)
class Failed:
    """It failed, and a person decides."""

    error: StepError
    status: ProcessStatus = ProcessStatus.FAILED
    sign: Sign = Sign.NONE


@dataclass(frozen=True)
class Aborted:
    """The step says that the process has to end here."""

    error: StepError


Outcome = Success | Skipped | NeedsInput | RetryLater | Failed | Aborted


def sign_of(outcome: Outcome) -> Sign:
    """What the outcome tells of the external system: one that let the step succeed, or end the process, is alive."""
    match outcome:
        case Success() | Aborted():
            return Sign.ALIVE
        case RetryLater() | Failed():
            return outcome.sign
        case _:
            return Sign.NONE
