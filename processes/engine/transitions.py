"""What everything that can happen makes of a process: for each event, what every column of its row becomes. Pure.

A transition is written as it is by `store.commits.apply`. Besides it only a claim (`store.claims`) moves a process;
`store.leases` and `actions.note` write columns that move nothing (lease, deadline, progress, version, note).

Alike in every transition, and said in the SQL only: `progress` and `deadline_at` become empty, `attempt_started_at` and
`last_modified_at` are now, and `ended_at` is now if the process has ended, else empty.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from enum import Enum, StrEnum
from typing import Final, Literal

from processes.engine.losses import Loss, used_up
from processes.engine.outcome import Aborted, Failed, RetryLater
from processes.engine.plan import AT_END
from processes.engine.tree import Position
from processes.engine.values.errors import StepError
from processes.engine.values.status import (
    ENDED_STATUSES,
    FAILED_STATUSES,
    ProcessStatus,
    RunState,
    StepKind,
    StepStatus,
)

SYSTEM: Final = "SYSTEM"
"""Who acts when no person does."""

PAUSE_AFTER_CRASH: Final = 0.5
"""Seconds for which nobody takes the step whose worker was lost, twice as many after each crash in a row: what killed
the worker, and is not over yet, shall not find the same step in the hands of the next."""

OUTCOME_UNKNOWN: Final = StepError(
    "OutcomeUnknown",
    "The worker died during this step; whether its effect took place is unknown. Check, then retry or skip the step.",
    "",
)


class Keep(Enum):
    """A column stays as it is."""

    KEEP = "keep"


KEEP: Final = Keep.KEEP


class Lease(StrEnum):
    """`HELD`: the worker that claimed the process goes on with it. `RELEASED`: it is nobody's."""

    HELD = "held"
    RELEASED = "released"


class Fence(StrEnum):
    """`RAISED`: whatever a worker still brings back for the process is refused."""

    SAME = "same"
    RAISED = "raised"


@dataclass(frozen=True)
class Standing:
    """Where a process stands, as it was claimed or locked.

    `attempt` numbers the try that runs, or ran last. `retry_base` counts those of them that the step's own retries do
    not count: tries before a person's retry, and those cut short when we stopped the worker. `crash_count` counts those
    in which a worker died.
    """

    run_state: RunState
    status: ProcessStatus
    position: Position
    attempt: int
    retry_base: int
    crash_count: int
    sequence: int
    assignee: str = SYSTEM

    @property
    def tries_before(self) -> int:
        """Tries before this one that the step's retry policy counts: not crashes, nor what `retry_base` leaves out."""
        return max(0, self.attempt - 1 - self.retry_base - self.crash_count)


@dataclass(frozen=True)
class Transition:
    """Every column that an event decides, as it is afterwards; `ready_in` is in seconds from now.

    For `held_back_seconds` no worker takes it, and it keeps its place in line.
    """

    run_state: RunState
    status: ProcessStatus
    position: Position
    attempt: int
    retry_base: int
    crash_count: int
    sequence: int
    assignee: str
    last_step: str | Literal[Keep.KEEP]
    error: StepError | Literal[Keep.KEEP] | None
    ready_in: float | Literal[Keep.KEEP]
    held_back_seconds: float
    version_id: int | Literal[Keep.KEEP]
    blocked_by_system: str
    lease: Lease
    fence: Fence

    @property
    def releases_locks(self) -> bool:
        """Whether the process has ended or failed, and thus holds its locks no longer."""
        return self.status in ENDED_STATUSES or self.status in FAILED_STATUSES


@dataclass(frozen=True)
class Record:
    """A row of the history of a process: a try of a step, or what a person did.

    `patch` is a JSON object. With `is_numbered` the row carries the new sequence number of the process. `worker` is
    whose try it was; `started_at` None is now.
    """

    path: str
    visit: int
    attempt: int
    name: str
    kind: StepKind
    status: StepStatus
    patch: bytes | None = None
    error: StepError | None = None
    reason: str | None = None
    by: str = SYSTEM
    worker: str = ""
    started_at: datetime | None = None
    is_numbered: bool = False


def advanced(at: Standing, to: Position, *, step: str, yields: bool = False) -> Transition:
    """A step was done (or skipped by its condition), and the process stands at the next, or has come to its end.

    With `yields` the worker gives it back there, since its turn is over.
    """
    return _moved(to, step=step, sequence=at.sequence + 1, yields=yields, fence=Fence.SAME)


def caught(at: Standing, to: Position, *, step: str, yields: bool = False, fence: Fence = Fence.SAME) -> Transition:
    """A step has failed for good, and a handler around it says where to go on."""
    return _moved(to, step=step, sequence=at.sequence, yields=yields, fence=fence)


def completed(at: Standing) -> Transition:
    """There is no step left at its position."""
    return _ended(_stays(at, KEEP), Position(AT_END, at.position.visit), ProcessStatus.COMPLETED)


def needs_input(at: Standing, *, step: str, assignee: str) -> Transition:
    """A person is asked."""
    asks = replace(_stays(at, step), run_state=RunState.STOPPED, status=ProcessStatus.SUSPENDED)
    return replace(asks, assignee=assignee)


def retry_later(at: Standing, outcome: RetryLater, *, step: str, fence: Fence = Fence.SAME) -> Transition:
    """A step failed, and is tried again by itself."""
    return replace(
        _stays(at, step),
        run_state=RunState.READY,
        status=ProcessStatus.WAITING,
        error=outcome.error,
        ready_in=outcome.seconds,
        fence=fence,
    )


def failed(at: Standing, outcome: Failed, *, step: str, fence: Fence = Fence.SAME) -> Transition:
    """A step failed for good, or the process cannot be run at all: a person decides."""
    return replace(_failed(_stays(at, step), outcome.error, outcome.status), fence=fence)


def released(at: Standing) -> Transition:
    """A worker gives the process back before its step has begun; it keeps its place in line."""
    return replace(
        _stays(at, KEEP), run_state=RunState.READY, status=at.status, attempt=at.attempt - 1, error=KEEP,
    )  # fmt: skip


def blocked(at: Standing, system: str) -> Transition:
    """A worker gives the process back until an external system takes calls; no try is used up."""
    return replace(released(at), status=ProcessStatus.WAITING, blocked_by_system=system)


Handle = Callable[[StepError], Position | None]
"""Where a handler around a step goes on after this error, or None when none handles it."""


def lost(
    at: Standing, loss: Loss, *, step: str, asks: bool, error: StepError, handle: Handle, outages: int = 0
) -> Transition:
    """A worker was lost during the step; no retry of the step's policy is used up.

    `outages` is how often in a row it was lost by something bigger before. With `asks` a person is asked at once
    (OUTCOME_UNKNOWN), and no handler: only somebody who looks can know. When a budget of `losses` is used up the step
    has failed for good (with `error`), and handlers are asked as after any failure; else the process is ready again.
    """
    crashes = at.crash_count + (loss is Loss.CRASHED)
    counted = replace(
        _stays(at, step),
        crash_count=crashes,
        retry_base=at.retry_base + (loss is not Loss.CRASHED),
        fence=Fence.RAISED,
    )
    if asks:
        return _failed(counted, OUTCOME_UNKNOWN)
    if reason := used_up(loss, crashes=crashes, outages=outages + 1):
        final = replace(error, message=reason)
        handler = handle(final)
        return caught(at, handler, step=step, yields=True, fence=Fence.RAISED) if handler else _failed(counted, final)
    pause = 0.0 if loss is Loss.INTERRUPTED else PAUSE_AFTER_CRASH * 2 ** max(0, crashes - 1)
    return replace(counted, run_state=RunState.READY, status=ProcessStatus.RESUMED, held_back_seconds=pause)


def answered(at: Standing, to: Position, *, step: str, version_id: int) -> Transition:
    """A person gave the input that was asked for."""
    return replace(_resumed(at, to, step), sequence=at.sequence + 1, version_id=version_id)


def skipped(at: Standing, to: Position, *, step: str) -> Transition:
    """A person says that the step counts as done."""
    return replace(_resumed(at, to, step), sequence=at.sequence + 1)


def continued_at(at: Standing, to: Position, *, step: str, version_id: int) -> Transition:
    """A person says at which step of the present definition the process goes on."""
    return replace(_resumed(at, to, step), sequence=at.sequence + 1, version_id=version_id)


def retried(at: Standing) -> Transition:
    """A person has the step tried again, with a new budget of tries."""
    return replace(_resumed(at, at.position, KEEP), attempt=at.attempt, retry_base=at.attempt)


def restarted(at: Standing, to: Position) -> Transition:
    """A person has a whole group begun again, at its first step, one visit later."""
    return _resumed(at, to, KEEP)


def edited(at: Standing) -> Transition:
    """A person changed the state of a process that has stopped; it stays where it is."""
    return replace(
        _stays(at, KEEP), sequence=at.sequence + 1, assignee=at.assignee, error=KEEP, fence=Fence.RAISED,
    )  # fmt: skip


def aborted(at: Standing, *, step: str) -> Transition:
    """A person ended the process. What it failed of before stays readable."""
    ended = _ended(_stays(at, step), at.position, ProcessStatus.ABORTED)
    return replace(ended, attempt=at.attempt, assignee=at.assignee, error=KEEP, fence=Fence.RAISED)


def given_up(at: Standing, outcome: Aborted, *, step: str) -> Transition:
    """A step ended the process, for the reason it gave."""
    return replace(_ended(_stays(at, step), at.position, ProcessStatus.ABORTED), error=outcome.error)


def _stays(at: Standing, step: str | Literal[Keep.KEEP]) -> Transition:
    """The process stands where it stood, in nobody's hands."""
    return Transition(
        run_state=at.run_state,
        status=at.status,
        position=at.position,
        attempt=at.attempt,
        retry_base=at.retry_base,
        crash_count=at.crash_count,
        sequence=at.sequence,
        assignee=SYSTEM,
        last_step=step,
        error=None,
        ready_in=KEEP,
        held_back_seconds=0.0,
        version_id=KEEP,
        blocked_by_system="",
        lease=Lease.RELEASED,
        fence=Fence.SAME,
    )


def _moved(to: Position, *, step: str, sequence: int, yields: bool, fence: Fence) -> Transition:
    """At another step with fresh budgets: in the same hands, its try counted, or ready for any; or at the end.

    Every step comes through here: made at once it takes 3 µs, as a chain of replacements it took 18.
    """
    goes_on = not (to.is_end or yields)
    return Transition(
        run_state=RunState.RUNNING if goes_on else RunState.ENDED if to.is_end else RunState.READY,
        status=ProcessStatus.COMPLETED if to.is_end else ProcessStatus.RUNNING,
        position=to,
        attempt=1 if goes_on else 0,
        retry_base=0,
        crash_count=0,
        sequence=sequence,
        assignee=SYSTEM,
        last_step=step,
        error=None,
        ready_in=0.0 if yields and not to.is_end else KEEP,
        held_back_seconds=0.0,
        version_id=KEEP,
        blocked_by_system="",
        lease=Lease.HELD if goes_on else Lease.RELEASED,
        fence=fence,
    )


def _resumed(at: Standing, to: Position, step: str | Literal[Keep.KEEP]) -> Transition:
    """Ready at a position by the word of a person, with fresh budgets."""
    return replace(
        _stays(at, step),
        run_state=RunState.READY,
        status=ProcessStatus.RESUMED,
        position=to,
        attempt=0,
        retry_base=0,
        crash_count=0,
        ready_in=0.0,
        fence=Fence.RAISED,
    )


def _ended(transition: Transition, at: Position, status: ProcessStatus) -> Transition:
    return replace(
        transition, run_state=RunState.ENDED, status=status, position=at, attempt=0, retry_base=0, crash_count=0
    )


def _failed(transition: Transition, error: StepError, status: ProcessStatus = ProcessStatus.FAILED) -> Transition:
    return replace(transition, run_state=RunState.STOPPED, status=status, error=error)
