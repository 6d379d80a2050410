"""The port of the driver: what it asks of a store, `execution.drive.DatabaseStore` or `engine.memory.MemoryStore`.

A process runs only after a claim; every write for a step carries the fence of its claim, and is refused (Fenced) when
somebody has raised it since.
"""

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Protocol
from uuid import UUID

from processes.engine.binding import StepSession
from processes.engine.transitions import Record, Standing, Transition
from processes.engine.tree import Position
from processes.engine.values.errors import StepError
from processes.engine.values.state import StateBytes
from processes.engine.values.status import ProcessStatus, RunState
from processes.engine.workflow import Workflow


class Fenced(Exception):
    """The process is no longer this worker's: it was recovered, aborted or taken over. Nothing was written."""


@dataclass(frozen=True)
class Claim:
    """A process in the hands of a worker, standing at a step whose try number `attempt` is recorded."""

    process_id: UUID
    fence: int
    worker: str
    workflow_name: str
    workflow_version_id: int
    position: Position
    attempt: int
    retry_base: int
    crash_count: int
    sequence: int
    is_task: bool
    created_by: str
    attempt_started_at: datetime
    lock_keys: tuple[str, ...] = ()

    @cached_property
    def standing(self) -> Standing:
        """Where it stands, for the transitions."""
        return Standing(
            RunState.RUNNING,
            ProcessStatus.RUNNING,
            self.position,
            self.attempt,
            self.retry_base,
            self.crash_count,
            self.sequence,
        )


@dataclass
class Run:
    """A process being driven: its claim, and its state with the bytes of the patches since the snapshot."""

    claim: Claim
    workflow: Workflow
    state: StateBytes
    patched: int = 0


@dataclass(frozen=True)
class Commit:
    """What becomes true together: the transition, the row of the try, and what else hangs on it.

    `state` is the state afterwards, to be kept as a snapshot when `snapshots`. `session` has domain objects to save.
    With `releases` the locks are released and the binding is told.
    """

    transition: Transition
    record: Record | None
    state: StateBytes
    snapshots: bool = False
    session: StepSession | None = None
    releases: bool = False


@dataclass(frozen=True)
class Committed:
    """The answer to a commit: the number of the step, the moment, and whether the engine is paused."""

    sequence: int
    at: datetime
    paused: bool = False


class Store(Protocol):
    """What the driver asks. Each method raises Fenced when the process is no longer the claim's.

    `out_of_reach` are the errors that mean the store cannot be reached: no failure of a step, and passed on.
    """

    @property
    def out_of_reach(self) -> tuple[type[Exception], ...]: ...

    def open(self, claim: Claim) -> Run:
        """The workflow and state of a claim. Raises when the process cannot go on under the present definition."""

    def commit(self, run: Run, commit: Commit) -> Committed:
        """Make it true, all or nothing. Raises what a rule of the domain raises that refuses it."""

    def fail(self, claim: Claim, error: StepError) -> None:
        """Fail a process that cannot be run at all, where it stands, and release what it holds."""

    def release(self, claim: Claim, transition: Transition) -> None:
        """Give a process back before its step has begun."""

    def show_progress(self, claim: Claim, value: object) -> None:
        """Keep what a running step tells of itself."""

    def is_cancelled(self, claim: Claim) -> bool:
        """Whether the process was aborted or taken over meanwhile."""
