"""Take processes back from workers that are dead or frozen. A rescued process keeps its place in line.

A worker that was only slow finds itself fenced: what its step returns is ignored, and the step runs again elsewhere.
"""

import logging
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from uuid import UUID

from django.db import InterfaceError, OperationalError, transaction
from django.db.models import F, Q, QuerySet

from processes import crashpoints as at
from processes import queue, registry
from processes.clock import EngineNow
from processes.ending import end_process_regardless
from processes.engine.definition import Workflow
from processes.engine.errors import StepError
from processes.engine.status import ProcessStatus, RunState, StepKind, StepStatus
from processes.engine.steps import OnCrash, Step
from processes.log_context import speaking_of
from processes.models import Process
from processes.models import Step as StepRow

logger = logging.getLogger(__name__)

OUTCOME_UNKNOWN = StepError(
    "OutcomeUnknown",
    "A worker died during this step, and nobody knows whether its effect took place. Look, then retry or skip it.",
    "",
)
CRASH_BUDGET = 3
"""How many workers a step may cost in a row before a person is asked."""


@dataclass(frozen=True)
class _Loss:
    """How a worker was lost, and which column counts the try, so that the author's own retries are not spent on it."""

    counted_by: str
    error: str
    message: str


_CRASHED = _Loss("crash_count", "WorkerCrashed", "The worker {} died during this step.")
_HANDED_BACK = _Loss("retry_base", "WorkerStopped", "The worker {} was stopped before this step had ended.")


def rescue_from(owners: Collection[str]) -> int:
    """Rescue what these workers hold; the number of processes."""
    return _rescue(Q(owner__in=owners), _CRASHED) if owners else 0


def hand_back_from(owners: Collection[str]) -> int:
    """The same for workers that we have stopped ourselves in the middle of a step: nobody counts that as a crash."""
    return _rescue(Q(owner__in=owners), _HANDED_BACK) if owners else 0


def still_held(owners: Collection[str]) -> set[str]:
    """Which of these workers hold something yet, such as a process whose commit was not decided a moment ago."""
    return set(_held().filter(owner__in=owners).values_list("owner", flat=True))


def owners_without_lease() -> set[str]:
    """Workers that have given no sign of life for longer than a lease."""
    return set(_held().filter(lease_until__lt=EngineNow()).values_list("owner", flat=True))


def _held() -> QuerySet[Process]:
    return Process.objects.filter(run_state=RunState.RUNNING)


def rescue_expired() -> int:
    """Rescue what no worker has given a sign of life for; the number of processes."""
    return _rescue(Q(lease_until__lt=EngineNow()), _CRASHED)


def _rescue(condition: Q, loss: _Loss) -> int:
    found = _held().filter(condition).values_list("pk", "fence")
    rescued = sum(_rescue_safely(process_id, condition & Q(fence=fence), loss) for process_id, fence in found)
    at.reach("rescued")
    return rescued


def _rescue_safely(process_id: UUID, still: Q, loss: _Loss) -> bool:
    """One that cannot be rescued keeps nobody else from it."""
    try:
        return _rescue_one(process_id, still, loss)
    except (OperationalError, InterfaceError):
        raise
    except Exception:
        logger.exception("Process %s cannot be rescued", process_id)
        return False


@transaction.atomic
def _rescue_one(process_id: UUID, still: Q, loss: _Loss) -> bool:
    """Whether it could be: a commit that is not decided yet is waited for by nobody.

    `still` must hold yet: a worker that was slow may have shown since that it lives.
    """
    found = _held().select_for_update(skip_locked=True).filter(still, pk=process_id)
    process = found.first()
    if process is None:
        return False
    with speaking_of(**process.log_words):
        logger.warning("Rescuing process %s from %s at %s", process.pk, process.owner, process.position_path)
    error = StepError(loss.error, loss.message.format(process.owner), "")
    workflow, step = _workflow_and_step(process)
    _record_crash(process, step.name if step else process.position_path or "end", error)
    at.reach("rescue-recorded")
    counted = {loss.counted_by: F(loss.counted_by) + 1}
    if loss is _CRASHED and process.crash_count + 1 >= CRASH_BUDGET:
        told = f"{CRASH_BUDGET} workers died during this step; retry it when it is mended."
        _stop(process, workflow, error, told, counted)
    elif step is not None and step.on_crash is OnCrash.ASK and step.verify is None:
        _stop(process, workflow, OUTCOME_UNKNOWN, OUTCOME_UNKNOWN.message, counted)
    else:
        _release(process, run_state=RunState.READY, status=ProcessStatus.RESUMED, **counted)
        queue.wake()
    return True


def _record_crash(process: Process, name: str, error: StepError) -> None:
    StepRow.objects.create(
        process=process,
        path=process.position_path,
        visit=process.position_visit,
        attempt=process.position_attempt,
        name=name,
        kind=StepKind.STEP,
        status=StepStatus.CRASHED,
        error=error.as_json(),
        worker=process.owner,
        fence=process.fence,
        started_at=process.attempt_started_at or process.started_at,
        completed_at=EngineNow(),
    )


def _stop(
    process: Process, workflow: Workflow | None, error: StepError, reason: str, counted: Mapping[str, object]
) -> None:
    _release(
        process,
        **counted,
        run_state=RunState.WAITING,
        status=ProcessStatus.FAILED,
        failed_reason=reason,
        error_class=error.class_name,
    )
    end_process_regardless(process.pk, workflow, ProcessStatus.FAILED)


def _release(process: Process, **changes: object) -> None:
    Process.objects.filter(pk=process.pk).update(
        owner="",
        lease_until=None,
        fence=F("fence") + 1,
        progress=None,
        deadline_at=None,
        last_modified_at=EngineNow(),
        **changes,
    )


def _workflow_and_step(process: Process) -> tuple[Workflow | None, Step | None]:
    try:
        workflow = registry.get(process.workflow_name)
    except registry.UnknownWorkflow:
        return None, None
    return workflow, workflow.step_at(process.position_path)
