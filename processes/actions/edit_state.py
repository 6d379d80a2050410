"""Change the state of a process that has stopped; the change is a row like that of a step, with who and why."""

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
from processes.actions.skip import checked_reason
from processes.engine.errors import Refused
from processes.engine.state import StateBytes, encode
from processes.engine.status import RunState, StepKind, StepStatus
from processes.models import Process, Step
from processes.store import load_state
from processes.store.clock import EngineNow

EDIT_PATH = "~edit"
OWN_KEYS = frozenset({"process_id", "reporter", "workflow_name", "workflow_target"})
"""Keys that tell what the process is; nobody changes them."""


def edit_state(
    process_id: UUID, changes: Mapping[str, Any], *, by: AbstractUser, reason: str, idempotency_key: str = ""
) -> Process:
    """Replace these keys of the state of a process that waits for a person or has failed.

    Raises Process.DoesNotExist, Denied, Refused, ResultError, and InvalidArgument without a reason or a change.
    """
    permissions.check(by, Action.EDIT_STATE, find(process_id))
    reason, given = checked_reason(reason), dict(changes)
    if not given or OWN_KEYS & given.keys():
        raise InvalidArgument("changes", f"Give keys to change, other than {', '.join(sorted(OWN_KEYS))}.")
    request = {"reason": reason, "changes": given}
    name = by.get_username()
    return run_once(
        name, "edit", process_id, idempotency_key, request, lambda: _edit(process_id, given, reason, by=name)
    )


def _edit(process_id: UUID, changes: Mapping[str, Any], reason: str, *, by: str) -> Process:
    process = lock(process_id)
    if process.run_state != RunState.STOPPED:
        raise Refused(f"Only the state of a stopped process can be edited; this process is {process.status}.")
    patch = encode(changes)
    load_state(process_id).with_patch(patch)
    Step.objects.create(
        process=process,
        path=EDIT_PATH,
        visit=process.steps.filter(path=EDIT_PATH).count() + 1,
        attempt=1,
        sequence=process.sequence + 1,
        name="State edited",
        kind=StepKind.EDIT,
        status=StepStatus.SUCCESS,
        patch=StateBytes(patch).as_dict(),
        reason=reason,
        created_by=by,
        fence=process.fence,
        started_at=EngineNow(),
        completed_at=EngineNow(),
    )
    Process.objects.filter(pk=process_id).update(
        sequence=F("sequence") + 1, fence=F("fence") + 1, last_modified_at=EngineNow()
    )
    detail = {"keys": sorted(changes), "reason": reason}
    audit.record("edit_state", by=by, kind="process", subject=process_id, detail=detail)
    return find(process_id)
