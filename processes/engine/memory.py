"""Run a workflow in one call without a database: the same driver and transitions on a store in attributes.

For tests of authors. Interceptors are not used unless handed to `drive`: no deadline, no atomic step, no limits of
external systems.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

from processes.engine import transitions
from processes.engine.binding import Binding, End, Start, Subject
from processes.engine.context import Secrets, no_secrets
from processes.engine.driver import CallInterceptor, Driver, StepInterceptor, unrunnable
from processes.engine.kinds import Call, Input
from processes.engine.kinds.node import State, widen
from processes.engine.losses import Loss
from processes.engine.options import lock_keys
from processes.engine.store import Claim, Commit, Committed, Fenced, Run
from processes.engine.transitions import Fence, Record, Standing, Transition
from processes.engine.values.errors import StepError
from processes.engine.values.state import StateBytes, encode
from processes.engine.values.status import ProcessStatus, RunState, StepStatus
from processes.engine.workflow import Workflow

BY = "memory"
_NO_MOMENT = datetime(1970, 1, 1, tzinfo=UTC)
"""Nothing here has a clock."""


@dataclass(frozen=True)
class MemoryStep:
    """One try of a step: `changes` is what it changed in the state, `error` what it raised."""

    path: str
    name: str
    status: StepStatus
    attempt: int
    changes: State
    error: StepError | None = None


@dataclass(frozen=True)
class MemoryRun:
    """Where a run ended: the process status, the state, and each try in order."""

    status: ProcessStatus
    state: State
    steps: tuple[MemoryStep, ...]

    @property
    def error(self) -> StepError | None:
        """What the last try raised, if it did."""
        return self.steps[-1].error if self.steps else None


def run_in_memory(
    workflow: Workflow,
    *,
    state: Mapping[str, Any] | None = None,
    inputs: Sequence[Mapping[str, Any]] = (),
    binding: Binding | None = None,
    secrets: Mapping[str, str] | None = None,
) -> MemoryRun:
    """Run until it completes, fails, or asks for an input that is not given.

    `state` is what the start form would have returned; `inputs` answers the input steps, in order. Retries follow at
    once. With a `binding` of your own the workflow's is not used. `secrets` are those that steps ask for by name.
    """
    bound = replace(workflow, binding=binding) if binding else workflow
    store = MemoryStore(bound, dict(state or {}), (secrets or {}).get)
    answers = list(inputs)
    while True:
        store.drive()
        if store.standing.status is not ProcessStatus.SUSPENDED or not answers:
            break
        store.answer(answers.pop(0))
    return MemoryRun(store.standing.status, store.state.as_dict(), tuple(map(_step, store.records)))


@dataclass(frozen=True)
class EndlessTurn:
    """A turn that is never over."""

    def is_over(self) -> bool:
        return False


class MemoryStore:
    """One process in attributes: `standing` is its row, `records` its history, `last` the transition written last."""

    out_of_reach: tuple[type[Exception], ...] = ()

    def __init__(self, workflow: Workflow, given: State, secrets: Secrets = no_secrets) -> None:
        self.workflow = workflow
        self.secrets = secrets
        self.process_id = uuid4()
        self.records: list[Record] = []
        self.last: Transition | None = None
        self.fence = 0
        start = Start(self.process_id, workflow, given, BY)
        self.resources = (*workflow.binding.resources(start), *lock_keys(workflow.locks, given))
        started = workflow.binding.on_start(start)
        self.subjects = started.subjects
        self.state = StateBytes.of({**given, **started.state})
        at = workflow.tree.begin(self.state)
        self.standing = Standing(RunState.READY, ProcessStatus.CREATED, at, 0, 0, 0, 0)

    def drive(self, around_step: Sequence[StepInterceptor] = (), around_call: Sequence[CallInterceptor] = ()) -> None:
        """Claim and drive until nothing is ready; every try follows at once."""
        driver = Driver(self, EndlessTurn(), around_step, around_call, secrets=self.secrets)
        while (claim := self.claim()) is not None:
            driver.drive(claim)

    def claim(self) -> Claim | None:
        """Take the process when it is ready, and count the try."""
        at = self.standing
        if at.run_state is not RunState.READY:
            return None
        self.fence += 1
        self.standing = replace(at, run_state=RunState.RUNNING, status=ProcessStatus.RUNNING, attempt=at.attempt + 1)
        return Claim(
            process_id=self.process_id,
            fence=self.fence,
            worker=BY,
            workflow_name=self.workflow.name,
            workflow_version_id=0,
            position=at.position,
            attempt=at.attempt + 1,
            retry_base=at.retry_base,
            crash_count=at.crash_count,
            sequence=at.sequence,
            is_task=self.workflow.is_task,
            created_by=BY,
            attempt_started_at=_NO_MOMENT,
            lock_keys=self.resources,
        )

    def apply(self, transition: Transition, record: Record | None, fence: int) -> Committed:
        """Write a transition, as the database does. Raises Fenced."""
        if fence != self.fence:
            raise Fenced(self.process_id)
        self.fence += transition.fence is Fence.RAISED
        self.last = transition
        self.standing = Standing(
            transition.run_state,
            transition.status,
            transition.position,
            transition.attempt,
            transition.retry_base,
            transition.crash_count,
            transition.sequence,
            transition.assignee,
        )
        if record is not None:
            self.records.append(record)
        return Committed(transition.sequence, _NO_MOMENT)

    def recover(self, loss: Loss = Loss.CRASHED) -> None:
        """Take the process back from a worker that was lost in the middle of a step."""
        at, place = self.standing, self.workflow.tree.place_at(self.standing.position.path)
        assert place is not None
        error = StepError("WorkerCrashed", f"The worker {BY} died during this step.", "")
        transition = transitions.lost(
            at,
            loss,
            step=place.leaf.name,
            asks=isinstance(place.leaf, Call) and place.leaf.asks_after_crash,
            error=error,
            handle=lambda error: self.workflow.tree.caught(at.position, error, self.state),
        )
        path, visit = at.position.path, at.position.visit
        record = Record(path, visit, at.attempt, place.leaf.name, place.leaf.kind, StepStatus.CRASHED, error=error)
        self.apply(transition, record, self.fence)

    def answer(self, answers: Mapping[str, Any]) -> None:
        """Give the input that is asked for: the row of the question becomes that of the answer."""
        at = self.standing
        place = self.workflow.tree.place_at(at.position.path)
        assert place is not None
        assert isinstance(place.leaf, Input)
        patch = widen(self.state, place.focus, encode(answers))
        self.state = self.state.with_patch(patch)
        to = self.workflow.tree.after(at.position, self.state)
        question = self.records.pop()
        self.apply(
            transitions.answered(at, to, step=place.leaf.name, version_id=0),
            replace(question, status=StepStatus.SUCCESS, patch=StateBytes(patch).to_json(), is_numbered=True),
            self.fence,
        )

    def open(self, claim: Claim) -> Run:
        return Run(claim, self.workflow, self.state)

    def commit(self, run: Run, commit: Commit) -> Committed:
        if commit.session is not None:
            self._keep_subjects(run, commit.session.commit())
        committed = self.apply(commit.transition, commit.record, run.claim.fence)
        self.state = commit.state
        if commit.releases:
            self._tell(commit.transition)
        return committed

    def _keep_subjects(self, run: Run, subjects: tuple[Subject, ...]) -> None:
        """What the process is about and holds since."""
        known = {(one.kind, one.id) for one in self.subjects}
        self.subjects += tuple(one for one in subjects if (one.kind, one.id) not in known)
        taken = (subject.takes for subject in subjects if subject.takes)
        self.resources = tuple(dict.fromkeys((*self.resources, *taken)))
        run.claim = replace(run.claim, lock_keys=self.resources)

    def fail(self, claim: Claim, error: StepError) -> None:
        transition, record = unrunnable(claim, error)
        self.apply(transition, record, claim.fence)

    def release(self, claim: Claim, transition: Transition) -> None:
        self.apply(transition, None, claim.fence)

    def show_progress(self, claim: Claim, value: object) -> None:
        """Nobody watches."""

    def is_cancelled(self, claim: Claim) -> bool:
        return claim.fence != self.fence

    def _tell(self, transition: Transition) -> None:
        status, state = transition.status, self.state.as_dict()
        error = transition.error if isinstance(transition.error, StepError) else None
        end = End(self.process_id, self.workflow, status, state, self.subjects, self.resources, BY, error)
        self.workflow.binding.on_end(end)


def _step(record: Record) -> MemoryStep:
    changes = StateBytes.from_json(record.patch).as_dict() if record.patch else {}
    return MemoryStep(record.path, record.name, record.status, record.attempt, changes, record.error)
