"""Drive a claimed process until it waits, ends or has had its turn. The rules are in engine.transitions."""

import logging
import time
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, replace

from django.db import InterfaceError, OperationalError, connection, transaction

from processes import store
from processes.engine.binding import StepRun, StepSession, is_bound
from processes.engine.errors import StepError
from processes.engine.execute import calls_system, execute
from processes.engine.injection import StepContext
from processes.engine.outcome import Failed, Outcome, Success, Suspend, Waiting
from processes.engine.plan import AT_END
from processes.engine.state import StateBytes, join
from processes.engine.status import ProcessStatus, RunState, StepKind, StepStatus
from processes.engine.steps import Step
from processes.engine.transitions import SLICE_SECONDS, SLICE_STEPS, move
from processes.engine.workflow import Workflow
from processes.execution import external_calls
from processes.execution.finish import end_process
from processes.execution.log_context import speaking_of
from processes.execution.write_guard import WriteGuard
from processes.models import ProcessSubject
from processes.plugins import registry
from processes.store import Change, Claim, Committed, Fenced, StepRow, failpoints

logger = logging.getLogger(__name__)

SNAPSHOT_BYTES = 65_536
"""Patches lighter than this never cause a new snapshot."""

ASK_AGAIN_SECONDS = 0.2


@dataclass
class Turn:
    """How long a process may keep its worker: a number of steps and some seconds, or until the worker is to stop."""

    is_stopping: Callable[[], bool]
    steps: int = SLICE_STEPS
    seconds: float = SLICE_SECONDS

    def __post_init__(self) -> None:
        self._until = time.monotonic() + self.seconds

    def is_over(self) -> bool:
        """Count one more step, and tell whether it was the last of this turn."""
        self.steps -= 1
        return self.steps <= 0 or time.monotonic() >= self._until or self.is_stopping()


@dataclass
class Run:
    """A process being driven: its claim, and its state with the bytes of patches since the snapshot."""

    claim: Claim
    workflow: Workflow
    state: StateBytes
    patched: int = 0


def run_claimed(
    claim: Claim,
    is_stopping: Callable[[], bool] = lambda: False,
    lease_kept: Callable[[Claim], AbstractContextManager[object]] = nullcontext,
) -> None:
    """Run the steps of a claimed process until it waits, ends, or its turn is over. Never raises for what steps do.

    Meanwhile `lease_kept` extends its lease. Raises OperationalError when the database is out of reach.
    """
    try:
        with lease_kept(claim), speaking_of(**_named(claim)):
            _drive(claim, Turn(is_stopping))
    except Fenced:
        logger.info("Process %s was taken over; the result of its step is discarded", claim.process_id)


def _named(claim: Claim) -> dict[str, object]:
    """What each log line says while a process is driven."""
    return {"worker": claim.owner, "process_id": str(claim.process_id), "workflow": claim.workflow_name}


def _drive(claim: Claim, turn: Turn) -> None:
    """Step by step; an error that is no step's, such as a definition that does not fit, stops the process."""
    run: Run | None = None
    try:
        run = _load(claim)
        while _one_step(run, turn):
            pass
    except (Fenced, OperationalError, InterfaceError):
        raise
    except Exception as error:
        logger.exception("Process %s cannot continue", claim.process_id)
        _fail_outside_step(run.claim if run else claim, error)


def _load(claim: Claim) -> Run:
    """The workflow and state of a claim. Raises UnknownWorkflow, DefinitionChanged."""
    workflow = registry.get(claim.workflow_name)
    version = registry.version_to_go_on_with(claim.workflow_version_id, workflow, claim.path)
    if version != claim.workflow_version_id:
        store.adopt_version(claim, version)
    loaded = store.load(claim.process_id)
    return Run(claim, workflow, loaded.state, loaded.patched)


def _one_step(run: Run, turn: Turn) -> bool:
    """Run and commit the step that is due; whether to go on with the next."""
    step = run.workflow.step_at(run.claim.path)
    if step is None:
        _commit(run, None, Success(), None, let_go=False)
        return False
    call = None
    if calls_system(step, run.state):
        call = external_calls.take(run.claim, step.system)
        if call is None:
            store.wait_for_system(run.claim, step.system)
            return False
    session = run.workflow.binding.session(_step_run(run))
    if step.timeout is not None:
        store.set_deadline(run.claim, step.timeout)
    failpoints.hit("step-begins")
    if step.atomic:
        return _run_inside_commit(run, step, session, turn)
    guard = WriteGuard()
    with connection.execute_wrapper(guard):
        outcome = _execute(run, step, session, guard)
    failpoints.hit("step-returned")
    if call is None:
        return _settle(run, step, outcome, session, let_go=turn.is_over())
    external_calls.tell(call, outcome)
    goes_on = _settle(run, step, outcome, session, let_go=turn.is_over())
    external_calls.freed(call)
    return goes_on


def _run_inside_commit(run: Run, step: Step, session: StepSession, turn: Turn) -> bool:
    """An atomic step: what it writes and what it returns become true together, or neither does."""
    let_go = turn.is_over()
    before = replace(run)
    goes_on: bool | None = None
    try:
        with transaction.atomic():
            outcome = _execute(run, step, session, WriteGuard())
            if isinstance(outcome, Success):
                goes_on = _commit(run, step, outcome, session, let_go=let_go)
            else:
                transaction.set_rollback(True)
        if goes_on is not None:
            return goes_on
    except (OperationalError, InterfaceError):
        if goes_on is None or _what_became(before.claim) is None:
            raise
        return goes_on
    except Fenced:
        raise
    except Exception as error:
        outcome = Failed(StepError.of(error))
    run.claim, run.state, run.patched = before.claim, before.state, before.patched
    return _commit(run, step, outcome, None, let_go=let_go)


def _settle(run: Run, step: Step, outcome: Outcome, session: StepSession, *, let_go: bool) -> bool:
    """Commit; when a rule of the domain refuses what the step returned, the step has failed.

    A database that stays out of reach is no refusal: it is raised, and the worker gives the process back.
    """
    try:
        return _commit(run, step, outcome, session, let_go=let_go)
    except (Fenced, OperationalError, InterfaceError):
        raise
    except Exception as error:
        if isinstance(outcome, Failed):
            raise
        return _commit(run, step, Failed(StepError.of(error)), None, let_go=let_go)


def _execute(run: Run, step: Step, session: StepSession, guard: "WriteGuard") -> Outcome:
    claim = run.claim

    def show_progress(value: object) -> None:
        with guard.lifted():
            store.show_progress(claim, value)

    context = StepContext(
        process_id=claim.process_id,
        workflow_name=claim.workflow_name,
        path=claim.path,
        visit=claim.visit,
        attempt=claim.attempt,
        created_by=claim.created_by,
        progress=show_progress,
    )
    tries = claim.tries_before
    with speaking_of(step=claim.path, attempt=claim.attempt):
        outcome = execute(step, run.state, context=context, session=session, is_task=claim.is_task, tries_before=tries)
        if isinstance(outcome, Waiting | Failed):
            logger.warning("The step failed: %s: %s", outcome.error.class_name, outcome.error.message[:500])
    return outcome


def _commit(run: Run, step: Step | None, outcome: Outcome, session: StepSession | None, *, let_go: bool) -> bool:
    """Make the outcome true in one transaction; whether the worker goes on with this process."""
    state = run.state.with_patch(outcome.patch) if isinstance(outcome, Success) else run.state
    patched = run.patched + (sum(map(len, outcome.patch.values())) if isinstance(outcome, Success) else 0)
    change = _change(run, step, outcome, let_go=let_go)
    ends = (change.run_state is RunState.ENDED or change.status in _FAILED) and _is_about_something(run)
    writes = session is not None and isinstance(outcome, Success) and session.has_changes
    snapshot = patched > max(SNAPSHOT_BYTES, run.state.weight)

    def write() -> Committed:
        if not (ends or writes or snapshot):
            return store.commit(run.claim, change)
        with transaction.atomic():
            committed = store.commit(run.claim, change)
            failpoints.hit("commit-moved")
            if writes and session is not None:
                _store_subjects(run.claim, session)
                failpoints.hit("commit-saved")
            if snapshot:
                store.save_snapshot(run.claim.process_id, committed.sequence, state)
            if ends:
                end_process(run.claim.process_id, run.workflow, change.status, state=state.as_dict(), by="SYSTEM")
                failpoints.hit("commit-ended")
        return committed

    committed = _surely(run.claim, write)
    failpoints.hit("committed")
    run.state, run.patched = state, 0 if snapshot else patched
    run.claim = replace(
        run.claim, path=change.path, attempt=change.attempt, retry_base=0, crash_count=0,
        sequence=committed.sequence, attempt_started_at=committed.at,
    )  # fmt: skip
    if committed.paused and change.run_state is RunState.RUNNING:
        store.let_go(run.claim)
        return False
    return change.run_state is RunState.RUNNING


def _is_about_something(run: Run) -> bool:
    """Whether anything has to be let go, or anybody told, when the process ends."""
    return bool(run.claim.lock_keys) or is_bound(run.workflow.binding)


def _surely(claim: Claim, write: Callable[[], Committed]) -> Committed:
    """Write; when the database is lost meanwhile, ask it what was written, and write again if nothing was.

    Twice at most, since the result of the step is still known here. Raises OperationalError when the database stays
    away for longer than a lease.
    """
    if connection.in_atomic_block:
        return write()
    try:
        return write()
    except (OperationalError, InterfaceError) as lost:
        logger.warning("The database was lost during the commit of process %s: %s", claim.process_id, lost)
        return _what_became(claim) or write()


def _what_became(claim: Claim) -> Committed | None:
    """Ask until there is an answer, on a new connection. Raises OperationalError when there is none in time."""
    until = time.monotonic() + store.LEASE_SECONDS
    while True:
        connection.close()
        try:
            return store.what_became(claim)
        except (OperationalError, InterfaceError):
            if time.monotonic() >= until:
                raise
            time.sleep(ASK_AGAIN_SECONDS)


_FAILED = frozenset({ProcessStatus.FAILED, ProcessStatus.INCONSISTENT_DATA, ProcessStatus.API_UNAVAILABLE})


def _change(run: Run, step: Step | None, outcome: Outcome, *, let_go: bool) -> Change:
    if step is None:
        return Change(None, RunState.ENDED, ProcessStatus.COMPLETED, AT_END, advances=False, attempt=0)
    after = move(run.workflow, step.key, outcome)
    transition = after.transition
    error = outcome.error if isinstance(outcome, Waiting | Failed) else None
    patch = join(outcome.patch) if isinstance(outcome, Success) else None
    row = StepRow(step.name, step.kind, transition.step_status, patch, error)
    gives_back = let_go and transition.run_state is RunState.RUNNING
    path = (after.next.path if after.next else AT_END) if transition.advances else step.key
    attempt = (0 if gives_back else 1) if transition.advances else run.claim.attempt
    return Change(
        row,
        RunState.READY if gives_back else transition.run_state,
        transition.status,
        path,
        advances=transition.advances,
        attempt=attempt,
        assignee=outcome.assignee if isinstance(outcome, Suspend) else "SYSTEM",
        delay=outcome.seconds if isinstance(outcome, Waiting) else (0.0 if gives_back else None),
        error=error,
    )


def _store_subjects(claim: Claim, session: StepSession) -> None:
    for subject in session.commit():
        ProcessSubject.objects.update_or_create(
            process_id=claim.process_id,
            kind=subject.kind,
            subject_id=subject.id,
            defaults={"label": subject.label},
        )


def _fail_outside_step(claim: Claim, error: Exception) -> None:
    """Stop a process that cannot be run at all, keeping its position."""
    record = StepError.of(error)
    row = StepRow(claim.path or "end", StepKind.STEP, StepStatus.FAILED, None, record)
    change = Change(
        row, RunState.WAITING, ProcessStatus.FAILED, claim.path, advances=False, attempt=claim.attempt, error=record
    )
    with transaction.atomic():
        store.commit(claim, change)
        end_process(claim.process_id, None, ProcessStatus.FAILED, state={}, by="SYSTEM")


def _step_run(run: Run) -> StepRun:
    claim = run.claim
    return StepRun(claim.process_id, run.workflow, claim.path, claim.visit, claim.lock_keys, claim.created_by)
