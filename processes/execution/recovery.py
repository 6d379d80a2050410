"""Take processes back from workers that are dead or frozen. A rescued process keeps its place in line.

A worker that was only slow finds itself fenced: what its step returns is ignored, and the step runs again elsewhere.
"""

import logging
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

import orjson
from django.db import InterfaceError, OperationalError, connection, transaction

from processes.engine.errors import StepError
from processes.engine.status import ProcessStatus, RunState
from processes.engine.steps import OnCrash, Step
from processes.engine.workflow import Workflow
from processes.execution.finish import end_process_regardless
from processes.execution.log_context import speaking_of
from processes.models import Process
from processes.plugins import registry
from processes.store import failpoints, is_postgresql, wakeups

logger = logging.getLogger(__name__)

OUTCOME_UNKNOWN = StepError(
    "OutcomeUnknown",
    "The worker died during this step; it is not known whether the step took effect. Check, then retry or skip it.",
    "",
)
CRASH_BUDGET = 3
"""How many workers a step may cost in a row before a person is asked."""


@dataclass(frozen=True)
class _Loss:
    """How a worker was lost. Either way the author's own retries are not spent on it."""

    error: str
    message: str


_CRASHED = _Loss("WorkerCrashed", "The worker {} died during this step.")
_HANDED_BACK = _Loss("WorkerStopped", "The worker {} was stopped before this step had ended.")


_HELD = "SELECT id, fence, owner FROM processes_process WHERE run_state = 'running' AND {}"
_ONE = "SELECT * FROM processes_process WHERE id = %s AND fence = %s AND run_state = 'running' AND {} "

_RECORD = """
INSERT INTO processes_step (process_id, path, visit, attempt, name, kind, status, error, created_by, worker, fence,
  started_at, completed_at)
SELECT id, position_path, position_visit, position_attempt, %s, 'step', 'crashed', %s, 'SYSTEM', owner, fence,
  COALESCE(attempt_started_at, started_at), engine_now(0)
FROM processes_process WHERE id = %s
"""

_RELEASE = """
UPDATE processes_process SET run_state = %s, status = %s, owner = '', lease_until = NULL, fence = fence + 1,
  crash_count = crash_count + %s, retry_base = retry_base + %s, failed_reason = COALESCE(%s, failed_reason),
  error_class = COALESCE(%s, error_class), progress = NULL, deadline_at = NULL, last_modified_at = engine_now(0)
WHERE id = %s
"""


@dataclass(frozen=True)
class _Which:
    """Which of the processes that run are meant, as a condition with its values."""

    condition: str
    values: tuple[str, ...] = ()

    @classmethod
    def of(cls, owners: Collection[str]) -> "_Which":
        return cls(f"owner IN ({', '.join(['%s'] * len(owners))})", tuple(owners))


_WITHOUT_LEASE = _Which("lease_until < (SELECT engine_now(0))")


def rescue_from(owners: Collection[str]) -> int:
    """Rescue what these workers hold; the number of processes."""
    return _rescue(_Which.of(owners), _CRASHED) if owners else 0


def hand_back_from(owners: Collection[str]) -> int:
    """The same for workers that we have stopped ourselves in the middle of a step: nobody counts that as a crash."""
    return _rescue(_Which.of(owners), _HANDED_BACK) if owners else 0


def still_held(owners: Collection[str]) -> set[str]:
    """Which of these workers hold something yet, such as a process whose commit was not decided a moment ago."""
    return {owner for _, _, owner in _held(_Which.of(owners))} if owners else set()


def owners_without_lease() -> set[str]:
    """Workers that have given no sign of life for longer than a lease."""
    return {owner for _, _, owner in _held(_WITHOUT_LEASE)}


def rescue_expired() -> int:
    """Rescue what no worker has given a sign of life for; the number of processes."""
    return _rescue(_WITHOUT_LEASE, _CRASHED)


def _held(which: _Which) -> list[tuple[Any, int, str]]:
    """Id as the database keeps it, fence and owner of each. By hand, as all here: many may be lost at once."""
    with connection.cursor() as cursor:
        cursor.execute(_HELD.format(which.condition), which.values)
        found: list[tuple[Any, int, str]] = cursor.fetchall()
    return found


def _rescue(which: _Which, loss: _Loss) -> int:
    rescued = sum(_rescue_safely(key, fence, which, loss) for key, fence, _ in _held(which))
    failpoints.hit("rescued")
    return rescued


def _rescue_safely(key: object, fence: int, which: _Which, loss: _Loss) -> bool:
    """One that cannot be rescued keeps nobody else from it."""
    try:
        return _rescue_one(key, fence, which, loss)
    except (OperationalError, InterfaceError):
        raise
    except Exception:
        logger.exception("Process %s cannot be recovered", key)
        return False


@transaction.atomic
def _rescue_one(key: object, fence: int, which: _Which, loss: _Loss) -> bool:
    """Whether it could be: a commit that is not decided yet is waited for by nobody.

    It must be one of those yet: a worker that was slow may have shown since that it lives.
    """
    lock = "FOR UPDATE SKIP LOCKED" if is_postgresql() else ""
    still_there = Process.objects.raw(_ONE.format(which.condition) + lock, [key, fence, *which.values])
    process = next(iter(still_there), None)
    if process is None:
        return False
    with speaking_of(**process.log_words):
        logger.warning("Recovering process %s from %s at %s", process.pk, process.owner, process.position_path)
    error = StepError(loss.error, loss.message.format(process.owner), "")
    workflow, step = _workflow_and_step(process)
    _record_crash(process, step.name if step else process.position_path or "end", error)
    failpoints.hit("rescue-recorded")
    if loss is _CRASHED and process.crash_count + 1 >= CRASH_BUDGET:
        _stop(process, workflow, error, f"{CRASH_BUDGET} workers died during this step; fix the cause, then retry.")
    elif step is not None and step.on_crash is OnCrash.ASK and step.verify is None:
        _stop(process, workflow, OUTCOME_UNKNOWN, OUTCOME_UNKNOWN.message, loss)
    else:
        _release(process, loss, RunState.READY, ProcessStatus.RESUMED)
        wakeups.wake()
    return True


def _record_crash(process: Process, name: str, error: StepError) -> None:
    with connection.cursor() as cursor:
        cursor.execute(_RECORD, [name, orjson.dumps(error.as_json()).decode(), _key(process)])


def _stop(process: Process, workflow: Workflow | None, error: StepError, reason: str, loss: _Loss = _CRASHED) -> None:
    _release(process, loss, RunState.WAITING, ProcessStatus.FAILED, reason, error.class_name)
    end_process_regardless(process.pk, workflow, ProcessStatus.FAILED)


def _release(
    process: Process,
    loss: _Loss,
    run_state: RunState,
    status: ProcessStatus,
    reason: str | None = None,
    error_class: str | None = None,
) -> None:
    crash, handed_back = int(loss is _CRASHED), int(loss is _HANDED_BACK)
    values = [run_state, status, crash, handed_back, reason, error_class, _key(process)]
    with connection.cursor() as cursor:
        cursor.execute(_RELEASE, values)


def _key(process: Process) -> Any:
    return Process._meta.pk.get_db_prep_value(process.pk, connection)


def _workflow_and_step(process: Process) -> tuple[Workflow | None, Step | None]:
    try:
        workflow = registry.get(process.workflow_name)
    except registry.UnknownWorkflow:
        return None, None
    return workflow, workflow.step_at(process.position_path)
