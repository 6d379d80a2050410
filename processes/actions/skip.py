"""Skip the step at which a process has stopped: a person says what it would have returned, and why."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.contrib.auth.models import AbstractUser

from processes import store
from processes.access import audit, permissions
from processes.access.permissions import Action
from processes.actions.errors import InvalidArgument, check_seen
from processes.actions.idempotency import run_once
from processes.actions.reserved import check_keys
from processes.engine import transitions
from processes.engine.kinds.node import widen
from processes.engine.transitions import Record
from processes.engine.tree import Place
from processes.engine.values.errors import Refused
from processes.engine.values.state import encode, join
from processes.engine.values.status import ProcessStatus, StepStatus
from processes.engine.values.text import clean_text
from processes.engine.workflow import Workflow
from processes.models import Process
from processes.plugins import registry
from processes.store import load_state, locks, questions, wakeups

REASON_LIMIT = 2000


def skip(
    process_id: UUID,
    *,
    by: AbstractUser,
    reason: str,
    result: Mapping[str, Any] | None = None,
    idempotency_key: str = "",
    seen: str = "",
) -> Process:
    """Count the step of a failed, waiting or suspended process as done, and go on with the next.

    `result` is merged into the state as if the step had returned it. Its locks are taken again. Raises
    Process.DoesNotExist, Denied, Refused (Moved, when it does not stand as `seen`), LockHeld, ResultError, and
    InvalidArgument without a reason or with a reserved key.
    """
    permissions.check(by, Action.SKIP, Process.objects.get(pk=process_id))
    reason = checked_reason(reason)
    name, given = by.get_username(), dict(result or {})
    check_keys(given, "result")
    request = {"reason": reason, "result": given}
    return run_once(
        name, "skip", process_id, idempotency_key, request, lambda: _skip(process_id, given, reason, seen=seen, by=name)
    )


def checked_reason(reason: str) -> str:
    """The reason without blanks around it. Raises InvalidArgument when there is none, or when it is too long."""
    reason = checked_length(reason)
    if not reason:
        raise InvalidArgument("reason", "A reason is required.")
    return reason


def checked_length(reason: str) -> str:
    """The same where nobody has to say why: "" will do."""
    reason = clean_text(reason).strip()
    if len(reason) > REASON_LIMIT:
        raise InvalidArgument(
            "reason", f"A reason can have at most {REASON_LIMIT} characters; this one has {len(reason)}."
        )
    return reason


def _skip(process_id: UUID, result: Mapping[str, Any], reason: str, *, seen: str, by: str) -> Process:
    process = Process.objects.locked(process_id)
    check_seen(process, seen)
    workflow, place = _stopped_at(process)
    state = load_state(process_id)
    patch = widen(state, place.focus, encode(result))
    locks.acquire(process.pk, process.lock_keys)
    to = workflow.tree.after(process.standing.position, state.with_patch(patch))
    questions.close(process)
    transition = transitions.skipped(process.standing, to, step=place.leaf.name)
    store.move(process, transition, _record(process, place, patch, reason, by=by))
    audit.record("skip", by=by, kind="process", subject=process_id, detail={"step": place.path}, reason=reason)
    wakeups.wake()
    process.refresh_from_db()
    return process


def _stopped_at(process: Process) -> tuple[Workflow, Place]:
    """Where the process has stopped. Raises Refused."""
    stopped = process.is_failed or process.status in {ProcessStatus.WAITING, ProcessStatus.SUSPENDED}
    if not stopped:
        raise Refused(f"Only a stopped step can be skipped; this process is {process.status}.")
    try:
        workflow = registry.get(process.workflow_name)
    except registry.UnknownWorkflow as unknown:
        raise Refused(str(unknown)) from unknown
    place = workflow.tree.place_at(process.position_path)
    if place is None:
        raise Refused(f"The workflow has no step {process.position_path}.")
    return workflow, place


def _record(process: Process, place: Place, patch: Mapping[str, bytes], reason: str, *, by: str) -> Record:
    return Record(
        path=process.position_path,
        visit=process.position_visit,
        attempt=process.position_attempt + 1,
        name=place.leaf.name,
        kind=place.leaf.kind,
        status=StepStatus.SKIPPED,
        patch=join(patch),
        reason=reason,
        by=by,
        is_numbered=True,
    )
