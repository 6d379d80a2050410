"""Skip the step at which a process has stopped: a person says what it would have returned, and why."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.contrib.auth.models import AbstractUser
from django.db.models import F

from processes.access import audit, permissions
from processes.access.permissions import Action
from processes.actions.errors import InvalidArgument
from processes.actions.find import find, lock
from processes.actions.idempotency import run_once
from processes.engine.errors import Refused
from processes.engine.injection import widen
from processes.engine.plan import AT_END
from processes.engine.state import StateBytes, encode
from processes.engine.status import ProcessStatus, RunState, StepStatus
from processes.engine.steps import Step
from processes.engine.text import clean_text
from processes.models import Process
from processes.models import Step as StepRow
from processes.plugins import registry
from processes.store import load_state, wakeups
from processes.store.clock import EngineNow
from processes.store.locks import acquire

REASON_LIMIT = 2000


def skip(
    process_id: UUID,
    *,
    by: AbstractUser,
    reason: str,
    result: Mapping[str, Any] | None = None,
    idempotency_key: str = "",
) -> Process:
    """Count the step of a failed, waiting or suspended process as done, and go on with the next.

    `result` is merged into the state as if the step had returned it. Its locks are taken again. Raises
    Process.DoesNotExist, Denied, Refused, LockHeld, ResultError, and InvalidArgument without a reason.
    """
    permissions.check(by, Action.SKIP, find(process_id))
    reason = checked_reason(reason)
    name, given = by.get_username(), dict(result or {})
    request = {"reason": reason, "result": given}
    return run_once(
        name, "skip", process_id, idempotency_key, request, lambda: _skip(process_id, given, reason, by=name)
    )


def checked_reason(reason: str) -> str:
    """The reason without blanks around it. Raises InvalidArgument when there is none, or when it is too long."""
    reason = clean_text(reason).strip()
    if not reason:
        raise InvalidArgument("reason", "A reason is required.")
    if len(reason) > REASON_LIMIT:
        raise InvalidArgument(
            "reason", f"A reason can have at most {REASON_LIMIT} characters; this one has {len(reason)}."
        )
    return reason


def _skip(process_id: UUID, result: Mapping[str, Any], reason: str, *, by: str) -> Process:
    process = lock(process_id)
    step = _stopped_step(process)
    state = load_state(process_id)
    patch = widen(state, step.focus, encode(result))
    state.with_patch(patch)
    acquire(process.pk, process.lock_keys)
    _write(process, step, patch, reason, by=by)
    following = registry.get(process.workflow_name).after(step.key)
    now = EngineNow()
    Process.objects.filter(pk=process_id).update(
        run_state=RunState.READY,
        status=ProcessStatus.RESUMED,
        fence=F("fence") + 1,
        waits_for="",
        position_path=following.path if following else AT_END,
        position_attempt=0,
        retry_base=0,
        crash_count=0,
        sequence=F("sequence") + 1,
        assignee="SYSTEM",
        ready_at=now,
        last_modified_at=now,
        last_step=step.name,
        failed_reason=None,
        error_class=None,
        traceback=None,
    )
    audit.record("skip", by=by, kind="process", subject=process_id, detail={"step": step.key, "reason": reason})
    wakeups.wake()
    return find(process_id)


def _stopped_step(process: Process) -> Step:
    stopped = process.is_failed or process.status in {ProcessStatus.WAITING, ProcessStatus.SUSPENDED}
    if not stopped:
        raise Refused(f"Only a stopped step can be skipped; this process is {process.status}.")
    try:
        step = registry.get(process.workflow_name).step_at(process.position_path)
    except registry.UnknownWorkflow as unknown:
        raise Refused(str(unknown)) from unknown
    if step is None:
        raise Refused(f"The workflow has no step {process.position_path}.")
    return step


def _write(process: Process, step: Step, patch: dict[str, bytes], reason: str, *, by: str) -> None:
    """A question that is open is closed by the row that skips it."""
    process.steps.filter(path=step.key, visit=process.position_visit, status=StepStatus.SUSPEND).update(
        status=StepStatus.ABORT, completed_at=EngineNow()
    )
    StepRow.objects.create(
        process=process,
        path=step.key,
        visit=process.position_visit,
        attempt=process.position_attempt + 1,
        sequence=process.sequence + 1,
        name=step.name,
        kind=step.kind,
        status=StepStatus.SKIPPED,
        patch=StateBytes(patch).as_dict(),
        reason=reason,
        created_by=by,
        fence=process.fence,
        started_at=EngineNow(),
        completed_at=EngineNow(),
    )
