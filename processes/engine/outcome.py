"""What a try of a step can come to, and the one table of what that means for the step and its process."""

from dataclasses import dataclass, field
from enum import StrEnum

from processes.engine.errors import StepError
from processes.engine.status import ProcessStatus, RunState, StepStatus


class Sign(StrEnum):
    """What a try tells of the outside system that its step calls."""

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
class Suspend:
    """A person is asked."""

    assignee: str


@dataclass(frozen=True)
class Waiting:
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


Outcome = Success | Skipped | Suspend | Waiting | Failed


def sign_of(outcome: Outcome) -> Sign:
    """What the outcome tells of the outside system: one that let the step succeed is alive."""
    match outcome:
        case Success():
            return Sign.ALIVE
        case Waiting() | Failed():
            return outcome.sign
        case _:
            return Sign.NONE


@dataclass(frozen=True)
class Transition:
    """What an outcome makes of things. `advances`: the position moves on; at the end the process is completed."""

    step_status: StepStatus
    run_state: RunState
    status: ProcessStatus
    advances: bool


TRANSITIONS: dict[type[Outcome], Transition] = {
    Success: Transition(StepStatus.SUCCESS, RunState.RUNNING, ProcessStatus.RUNNING, advances=True),
    Skipped: Transition(StepStatus.SKIPPED, RunState.RUNNING, ProcessStatus.RUNNING, advances=True),
    Suspend: Transition(StepStatus.SUSPEND, RunState.WAITING, ProcessStatus.SUSPENDED, advances=False),
    Waiting: Transition(StepStatus.WAITING, RunState.READY, ProcessStatus.WAITING, advances=False),
    Failed: Transition(StepStatus.FAILED, RunState.WAITING, ProcessStatus.FAILED, advances=False),
}
"""`Waiting` leaves the process ready at a later moment; a failure may be called more precisely by its outcome."""
