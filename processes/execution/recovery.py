"""Take processes back from workers that are dead, frozen, stopped, or over the deadline of their step.

A worker that was only slow finds itself fenced: what its step returns is ignored, and the step runs again elsewhere. A
recovered process keeps its place in line. What becomes of the row: `transitions.lost` after a lost worker, those of a
failed step after an overrun deadline.
"""

import logging
from collections.abc import Callable, Collection
from functools import partial
from itertools import takewhile
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from processes.engine import transitions
from processes.engine.execute import failure
from processes.engine.kinds import Call
from processes.engine.losses import OUTAGE_BUDGET, Loss
from processes.engine.outcome import Failed, RetryLater
from processes.engine.transitions import Fence, Record, Transition
from processes.engine.tree import Place, Position
from processes.engine.values.errors import StepError
from processes.engine.values.status import RunState, StepKind, StepStatus
from processes.engine.workflow import Workflow
from processes.execution.finish import finish_regardless
from processes.execution.interceptors import external_calls
from processes.execution.interceptors.log_context import log_context
from processes.execution.isolation import isolated
from processes.models import Process
from processes.plugins import registry
from processes.store import commits, failpoints, load_state, wakeups
from processes.store.clock import EngineNow

logger = logging.getLogger(__name__)

_ERRORS = {
    Loss.CRASHED: ("WorkerCrashed", "The worker {} died during this step."),
    Loss.OUTAGE: ("WorkerLost", "The worker {} was lost with its host, other workers or the database."),
    Loss.INTERRUPTED: ("WorkerStopped", "The worker {} was stopped before this step had ended."),
}


class StepTimedOut(Exception):
    """The step took longer than it may; its worker was killed."""

    retryable = True


def recover_from(workers: Collection[str]) -> int:
    """Take back what these workers hold, who have died; the number of processes."""
    return _recover(_held_by(workers), Loss.CRASHED) if workers else 0


def recover_from_outage(workers: Collection[str]) -> int:
    """The same of workers that were lost with their host, together, or with the database: no fault of their steps."""
    return _recover(_held_by(workers), Loss.OUTAGE) if workers else 0


def recover_interrupted(workers: Collection[str]) -> int:
    """The same of workers that we have stopped ourselves in the middle of a step: nobody counts that as a crash."""
    return _recover(_held_by(workers), Loss.INTERRUPTED) if workers else 0


def recover_expired() -> int:
    """Take back what no worker has given a sign of life for; the number of processes.

    Several workers that fall silent at once do so for a reason that lies in none of their steps.
    """
    return _recover(_without_lease(), Loss.CRASHED if len(workers_without_lease()) == 1 else Loss.OUTAGE)


def fail_overdue(workers: Collection[str]) -> int:
    """Fail each step of these workers that is over its deadline; how many."""
    return _each(_over_deadline(workers), _fail, "failing its step, which is over its deadline,")


def still_held(workers: Collection[str]) -> set[str]:
    """Which of these workers hold something yet, such as a process whose commit was not decided a moment ago."""
    return set(_held_by(workers).values_list("leased_by", flat=True)) if workers else set()


def workers_without_lease() -> set[str]:
    """Workers that have given no sign of life for longer than a lease."""
    return set(_without_lease().values_list("leased_by", flat=True))


def overdue(workers: Collection[str]) -> list[str]:
    """Which of these workers run a step that is over its deadline."""
    return list(_over_deadline(workers).values_list("leased_by", flat=True))


def _held_by(workers: Collection[str]) -> QuerySet[Process]:
    return Process.objects.filter(run_state=RunState.RUNNING, leased_by__in=workers)


def _without_lease() -> QuerySet[Process]:
    return Process.objects.filter(run_state=RunState.RUNNING, lease_expires_at__lt=EngineNow())


def _over_deadline(workers: Collection[str]) -> QuerySet[Process]:
    return Process.objects.filter(run_state=RunState.RUNNING, leased_by__in=workers, deadline_at__lt=EngineNow())


def _recover(held: QuerySet[Process], loss: Loss) -> int:
    count = _each(held, lambda process: _recover_one(process, loss), "recovering it")
    failpoints.hit("recovered")
    return count


def _each(held: QuerySet[Process], act: Callable[[Process], bool], what: str) -> int:
    """Act on each of these in a transaction of its own; on how many it could be."""
    return sum(_isolated(held, key, act, what) for key in list(held.order_by().values_list("pk", "fence")))


def _isolated(held: QuerySet[Process], key: tuple[UUID, int], act: Callable[[Process], bool], what: str) -> bool:
    """It must be one of those yet: a worker that was slow may have shown since that it lives.

    A commit that is not decided yet is waited for by nobody.
    """
    process_id, fence = key
    with isolated(what, process_id), transaction.atomic():
        process = held.select_for_update(skip_locked=True).filter(pk=process_id, fence=fence).first()
        return process is not None and act(process)
    return False


def _recover_one(process: Process, loss: Loss) -> bool:
    with log_context(**process.log_words):
        logger.warning("Recovering process %s from %s at %s", process.pk, process.leased_by, process.position_path)
    workflow, place = _workflow_and_place(process)
    name = place.leaf.name if place else process.position_path or "end"
    asks = place is not None and isinstance(place.leaf, Call) and place.leaf.asks_after_crash
    error_class, message = _ERRORS[loss]
    error = StepError(error_class, message.format(process.leased_by), "")
    handle = partial(_handler, process, workflow)
    transition = transitions.lost(
        process.standing, loss, step=name, asks=asks, error=error, handle=handle, outages=_outages(process)
    )
    _move(process, workflow, transition, _record(process, place, StepStatus.CRASHED, error))
    return True


def _outages(process: Process) -> int:
    """How often in a row, before this attempt, the step was lost with more than its worker."""
    tries = process.steps.filter(path=process.position_path, visit=process.position_visit).order_by("-attempt")
    errors = tries.values_list("error", flat=True)[:OUTAGE_BUDGET]
    return len(list(takewhile(_is_outage, errors)))


def _is_outage(error: dict[str, str] | None) -> bool:
    return error is not None and error.get("class") == _ERRORS[Loss.OUTAGE][0]


def _fail(process: Process) -> bool:
    """Fail the step by its own policy, as if it had raised StepTimedOut."""
    workflow, place = _workflow_and_place(process)
    if workflow is None or place is None or not isinstance(place.leaf, Call) or place.leaf.timeout is None:
        logger.error("The step of process %s, which is over its deadline, cannot be failed", process.pk)
        return False
    with log_context(**process.log_words):
        logger.warning("Process %s is over the deadline of %s", process.pk, place.path)
    at = process.standing
    error = StepTimedOut(f"The step exceeded its timeout of {place.leaf.timeout:g} seconds and was stopped.")
    outcome = failure(error, place, is_task=process.is_task, tries_before=at.tries_before)
    if place.leaf.system:
        external_calls.count_failure(place.leaf.system, outcome.error)
    status = StepStatus.WAITING if isinstance(outcome, RetryLater) else StepStatus.FAILED
    transition = _after(process, workflow, place, outcome)
    _move(process, workflow, transition, _record(process, place, status, outcome.error))
    return True


def _after(process: Process, workflow: Workflow, place: Place, outcome: RetryLater | Failed) -> Transition:
    """What an overrun deadline makes of the process: another try, a handler around the step, or a failure."""
    at, step = process.standing, place.leaf.name
    if isinstance(outcome, RetryLater):
        return transitions.retry_later(at, outcome, step=step, fence=Fence.RAISED)
    handler = _handler(process, workflow, outcome.error)
    if handler is not None:
        return transitions.caught(at, handler, step=step, yields=True, fence=Fence.RAISED)
    return transitions.failed(at, outcome, step=step, fence=Fence.RAISED)


def _handler(process: Process, workflow: Workflow | None, error: StepError) -> Position | None:
    """Where the process goes on whose step has failed for good, if a handler around the step says so."""
    if workflow is None:
        return None
    return workflow.tree.caught(process.standing.position, error, load_state(process.pk))


def _move(process: Process, workflow: Workflow | None, transition: Transition, record: Record) -> None:
    commits.move(process, transition, record)
    failpoints.hit("recovery-recorded")
    if transition.releases_locks:
        finish_regardless(process.pk, workflow, transition.status)
    else:
        wakeups.wake()


def _record(process: Process, place: Place | None, status: StepStatus, error: StepError) -> Record:
    return Record(
        path=process.position_path,
        visit=process.position_visit,
        attempt=process.position_attempt,
        name=place.leaf.name if place else process.position_path or "end",
        kind=place.leaf.kind if place else StepKind.STEP,
        status=status,
        error=error,
        worker=process.leased_by,
        started_at=process.attempt_started_at or process.started_at,
    )


def _workflow_and_place(process: Process) -> tuple[Workflow | None, Place | None]:
    try:
        workflow = registry.get(process.workflow_name)
    except registry.UnknownWorkflow:
        return None, None
    return workflow, workflow.tree.place_at(process.position_path)
