"""Change the state of a process that has stopped; the change is a row like that of a step, with who and why."""

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
from processes.actions.skip import checked_reason
from processes.engine import transitions
from processes.engine.transitions import Record
from processes.engine.values.errors import Refused
from processes.engine.values.secrets import restored
from processes.engine.values.state import encode, join
from processes.engine.values.status import RunState, StepKind, StepStatus
from processes.models import Process
from processes.store import load_state

EDIT_PATH = "~edit"


def edit_state(
    process_id: UUID,
    changes: Mapping[str, Any],
    *,
    by: AbstractUser,
    reason: str,
    idempotency_key: str = "",
    seen: str = "",
) -> Process:
    """Replace these keys of the state of a process that waits for a person or has failed.

    A mask of a secret, as the state is shown with, leaves the secret as it is.

    Raises Process.DoesNotExist, Denied, Refused (Moved, when it does not stand as `seen`), ResultError, and
    InvalidArgument without a reason or a change.
    """
    permissions.check(by, Action.EDIT_STATE, Process.objects.get(pk=process_id))
    reason, given = checked_reason(reason), dict(changes)
    if not given:
        raise InvalidArgument("changes", "Give keys to change.")
    check_keys(given, "changes")
    request = {"reason": reason, "changes": given}
    name = by.get_username()
    return run_once(
        name, "edit", process_id, idempotency_key, request, lambda: _edit(process_id, given, reason, seen=seen, by=name)
    )


def _edit(process_id: UUID, changes: Mapping[str, Any], reason: str, *, seen: str, by: str) -> Process:
    process = Process.objects.locked(process_id)
    check_seen(process, seen)
    if process.run_state != RunState.STOPPED:
        raise Refused(f"Only the state of a stopped process can be edited; this process is {process.status}.")
    state = load_state(process_id)
    patch = encode({key: restored(value, state.get(key, None)) for key, value in changes.items()})
    state.with_patch(patch)
    store.move(process, transitions.edited(process.standing), _record(process, patch, reason, by=by))
    detail = {"keys": sorted(changes)}
    audit.record("edit_state", by=by, kind="process", subject=process_id, detail=detail, reason=reason)
    process.refresh_from_db()
    return process


def _record(process: Process, patch: Mapping[str, bytes], reason: str, *, by: str) -> Record:
    return Record(
        path=EDIT_PATH,
        visit=process.steps.filter(path=EDIT_PATH).count() + 1,
        attempt=1,
        name="State edited",
        kind=StepKind.EDIT,
        status=StepStatus.SUCCESS,
        patch=join(patch),
        reason=reason,
        by=by,
        is_numbered=True,
    )
