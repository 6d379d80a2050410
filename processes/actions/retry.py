"""Try the failed step of a process again."""

from typing import Any
from uuid import UUID

from django.contrib.auth.models import AbstractUser
from django.db.models import F

from processes.access import audit, permissions
from processes.access.permissions import Action
from processes.actions.find import find, lock
from processes.actions.idempotency import run_once
from processes.actions.pause import check_running
from processes.engine.errors import Refused
from processes.engine.status import ProcessStatus, RunState
from processes.engine.steps import Step
from processes.models import Process
from processes.plugins import registry
from processes.store import failpoints, wakeups
from processes.store.clock import EngineNow
from processes.store.locks import acquire


def retry(process_id: UUID, *, by: AbstractUser, idempotency_key: str = "") -> Process:
    """Try the step again at which a process failed or waits, with the state before it and a new budget of tries.

    Its locks are taken again. Raises Process.DoesNotExist, Denied, Refused, LockHeld; nothing has changed then.
    """
    process = find(process_id)
    permissions.check(by, Action.RETRY, process)
    check_running()
    name = by.get_username()
    retried = run_once(name, "retry", process_id, idempotency_key, None, lambda: _retry(process_id, by=name))
    failpoints.hit("retried")
    return retried


def _retry(process_id: UUID, *, by: str) -> Process:
    process = lock(process_id)
    if not (process.is_failed or process.status == ProcessStatus.WAITING):
        raise Refused(f"Only a failed or waiting process can be retried; this process is {process.status}.")
    acquire(process.pk, process.lock_keys)
    failpoints.hit("retry-locked")
    make_ready(process, **_place_of_retry(process))
    audit.record("retry", by=by, kind="process", subject=process_id, detail={"step": process.position_path})
    return find(process_id)


def _place_of_retry(process: Process) -> dict[str, Any]:
    """The step that failed, or the first of its group when the whole group is to run again, one visit later."""
    step = _step_of(process)
    if step is None or not step.restart_at:
        return {"retry_base": F("position_attempt"), "crash_count": 0}
    plan = registry.get(process.workflow_name).plan
    first = next(one.path for one in plan if one.path.startswith(f"{step.restart_at}/"))
    return {
        "position_path": first,
        "position_visit": F("position_visit") + 1,
        "position_attempt": 0,
        "retry_base": 0,
        "crash_count": 0,
    }


def _step_of(process: Process) -> Step | None:
    try:
        return registry.get(process.workflow_name).step_at(process.position_path)
    except registry.UnknownWorkflow:
        return None


def make_ready(process: Process, **changes: object) -> None:
    now = EngineNow()
    Process.objects.filter(pk=process.pk).update(
        run_state=RunState.READY,
        status=ProcessStatus.RESUMED,
        fence=F("fence") + 1,
        owner="",
        blocked_by_system="",
        ready_at=now,
        last_modified_at=now,
        assignee="SYSTEM",
        **changes,
    )
    wakeups.wake()
