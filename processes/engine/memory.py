"""Run a workflow in one call, without a database: for tests of authors and of the engine."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

from processes.engine.binding import Binding, End, Start, StepRun, StepSession
from processes.engine.errors import StepError
from processes.engine.execute import execute
from processes.engine.injection import StepContext
from processes.engine.outcome import Failed, Outcome, Success, Suspend, Waiting
from processes.engine.state import StateBytes, encode
from processes.engine.status import ProcessStatus, RunState, StepStatus
from processes.engine.steps import State, Step
from processes.engine.transitions import move
from processes.engine.workflow import Workflow

BY = "memory"


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
) -> MemoryRun:
    """Run until it completes, fails, or asks for an input that is not given.

    `state` is what the start form would have returned; `inputs` answers the input steps, in order. Retries follow at
    once. With a `binding` of your own the workflow's is not used.
    """
    return _Memory(workflow, binding or workflow.binding, [dict(one) for one in inputs]).run(dict(state or {}))


class _Memory:
    def __init__(self, workflow: Workflow, binding: Binding, inputs: list[State]) -> None:
        self.workflow = workflow
        self.binding = binding
        self.inputs = inputs
        self.process_id: UUID = uuid4()
        self.steps: list[MemoryStep] = []

    def run(self, given: State) -> MemoryRun:
        start = Start(self.process_id, self.workflow, given, BY)
        resources = self.binding.resources(start)
        started = self.binding.on_start(start)
        state = StateBytes.of({**given, **started.state})
        status, current = ProcessStatus.COMPLETED, self.workflow.first
        while current is not None:
            outcome = self._tries(current.path, state, resources)
            after = move(self.workflow, current.path, outcome)
            if isinstance(outcome, Success):
                state = state.with_patch(outcome.patch)
            status = after.transition.status
            if after.transition.run_state is RunState.WAITING:
                break
            current = after.next
        end = End(self.process_id, self.workflow, status, state.as_dict(), started.subjects, resources, BY)
        if status is not ProcessStatus.SUSPENDED:
            self.binding.on_end(end)
        return MemoryRun(status, state.as_dict(), tuple(self.steps))

    def _tries(self, path: str, state: StateBytes, resources: tuple[str, ...]) -> Outcome:
        step = self.workflow.step_at(path)
        assert step is not None
        attempt = 0
        while True:
            attempt += 1
            outcome = self._try(step, state, attempt, resources)
            self._record(step, attempt, outcome)
            if not isinstance(outcome, Waiting):
                return outcome

    def _try(self, step: Step, state: StateBytes, attempt: int, resources: tuple[str, ...]) -> Outcome:
        context = StepContext(self.process_id, self.workflow.name, step.key, 1, attempt, BY)
        session = self.binding.session(StepRun(self.process_id, self.workflow, step.key, 1, resources, BY))
        is_task = self.workflow.is_task
        outcome = execute(step, state, context=context, session=session, is_task=is_task, tries_before=attempt - 1)
        if isinstance(outcome, Suspend) and self.inputs:
            return Success(encode(self.inputs.pop(0)))
        return _commit(session, state, outcome) if isinstance(outcome, Success) else outcome

    def _record(self, step: Step, attempt: int, outcome: Outcome) -> None:
        changes = StateBytes(outcome.patch).as_dict() if isinstance(outcome, Success) else {}
        error = outcome.error if isinstance(outcome, Waiting | Failed) else None
        status = move(self.workflow, step.key, outcome).transition.step_status
        self.steps.append(MemoryStep(step.key, step.name, status, attempt, changes, error))


def _commit(session: StepSession, state: StateBytes, outcome: Success) -> Outcome:
    """What a commit makes of a success: a rule that refuses what the step returned fails the step."""
    try:
        state.with_patch(outcome.patch)
        if session.has_changes:
            session.commit()
    except Exception as error:
        return Failed(StepError.of(error))
    return outcome
