"""Enforce the time that a step may take: its worker is to be killed, and the step fails by its own policy."""

import logging
from collections.abc import Collection
from uuid import UUID

from django.db import InterfaceError, OperationalError, transaction
from django.db.models import F, QuerySet

from processes.engine.execute import failure
from processes.engine.outcome import TRANSITIONS, Failed, Waiting
from processes.engine.status import RunState
from processes.execution import external_calls
from processes.execution.finish import end_process_regardless
from processes.execution.log_context import speaking_of
from processes.models import Process, Step
from processes.plugins import registry
from processes.store import tries_before, wakeups
from processes.store.clock import EngineNow

logger = logging.getLogger(__name__)


class StepTimedOut(Exception):
    """The step took longer than it may; its worker was killed."""

    retryable = True


def overdue(owners: Collection[str]) -> list[str]:
    """Which of these workers run a step that is over its deadline."""
    return list(_over(owners).values_list("owner", flat=True))


def fail_overdue(owners: Collection[str]) -> int:
    """Fail each step of these workers that is over its deadline; how many.

    A worker that comes back all the same finds itself fenced.
    """
    found = _over(owners).values_list("pk", "fence")
    return sum(_fail_safely(process_id, fence) for process_id, fence in found)


def _over(owners: Collection[str]) -> QuerySet[Process]:
    return Process.objects.filter(owner__in=owners, run_state=RunState.RUNNING, deadline_at__lt=EngineNow())


def _fail_safely(process_id: UUID, fence: int) -> bool:
    """One that cannot be failed keeps nobody else from it."""
    try:
        return _fail(process_id, fence)
    except (OperationalError, InterfaceError):
        raise
    except Exception:
        logger.exception("The overdue step of process %s could not be failed", process_id)
        return False


@transaction.atomic
def _fail(process_id: UUID, fence: int) -> bool:
    still = {"fence": fence, "run_state": RunState.RUNNING, "deadline_at__lt": EngineNow()}
    process = Process.objects.select_for_update(skip_locked=True).filter(pk=process_id, **still).first()
    if process is None:
        return False
    workflow = registry.get(process.workflow_name)
    step = workflow.step_at(process.position_path)
    if step is None or step.timeout is None:
        return False
    with speaking_of(**process.log_words):
        logger.warning("Process %s exceeded the timeout of step %s", process.pk, step.key)
    error = StepTimedOut(f"The step exceeded its timeout of {step.timeout:g} seconds and was stopped.")
    before = tries_before(process.position_attempt, process.retry_base, process.crash_count)
    outcome = failure(error, step, is_task=process.is_task, tries_before=before)
    if step.system:
        external_calls.count_failure(step.system, outcome.error)
    _record(process, step.name, outcome)
    if isinstance(outcome, Failed):
        end_process_regardless(process.pk, workflow, outcome.status)
    return True


def _record(process: Process, name: str, outcome: Waiting | Failed) -> None:
    transition = TRANSITIONS[type(outcome)]
    Step.objects.create(
        process=process,
        path=process.position_path,
        visit=process.position_visit,
        attempt=process.position_attempt,
        name=name,
        status=transition.step_status,
        error=outcome.error.as_json(),
        worker=process.owner,
        fence=process.fence,
        started_at=process.attempt_started_at or process.started_at,
        completed_at=EngineNow(),
    )
    Process.objects.filter(pk=process.pk).update(
        run_state=transition.run_state,
        status=outcome.status if isinstance(outcome, Failed) else transition.status,
        owner="",
        lease_until=None,
        deadline_at=None,
        fence=F("fence") + 1,
        ready_at=EngineNow(outcome.seconds) if isinstance(outcome, Waiting) else F("ready_at"),
        last_modified_at=EngineNow(),
        last_step=name,
        progress=None,
        failed_reason=outcome.error.message,
        error_class=outcome.error.class_name,
        traceback="",
    )
    wakeups.wake()
