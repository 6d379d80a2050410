"""Abort a process: it ends at once, and what a worker still brings back is ignored."""

from uuid import UUID

from django.contrib.auth.models import AbstractUser

from processes import store
from processes.access import audit, permissions
from processes.access.permissions import Action
from processes.actions.errors import check_seen
from processes.actions.idempotency import run_once
from processes.actions.skip import checked_length
from processes.engine import transitions
from processes.engine.plan import AT_END
from processes.engine.transitions import Record
from processes.engine.values.errors import Refused
from processes.engine.values.status import ProcessStatus, StepKind, StepStatus
from processes.engine.workflow import Workflow
from processes.execution.finish import finish
from processes.models import Process
from processes.plugins import registry
from processes.store import failpoints, load_state, questions

ABORT_NAME = "User Aborted"


def abort(
    process_id: UUID, *, by: AbstractUser, reason: str = "", idempotency_key: str = "", seen: str = ""
) -> Process:
    """End a process that is not finished; its locks are released, and its binding puts its subject right.

    Raises Process.DoesNotExist, Denied, Refused (Moved, when it does not stand as `seen`), and InvalidArgument when the
    reason is too long.
    """
    permissions.check(by, Action.ABORT, Process.objects.get(pk=process_id))
    reason = checked_length(reason)
    name = by.get_username()
    aborted = run_once(
        name, "abort", process_id, idempotency_key, reason, lambda: _abort(process_id, reason, seen, by=name)
    )
    failpoints.hit("aborted")
    return aborted


def _abort(process_id: UUID, reason: str, seen: str, *, by: str) -> Process:
    process = Process.objects.locked(process_id)
    check_seen(process, seen)
    if process.is_ended:
        raise Refused(f"The process is {process.status} and cannot be aborted.")
    state = load_state(process_id).as_dict()
    questions.close(process)
    store.move(process, transitions.aborted(process.standing, step=ABORT_NAME), _record(process, reason, by=by))
    failpoints.hit("abort-written")
    finish(process_id, _workflow(process), ProcessStatus.ABORTED, state=state, by=by)
    audit.record("abort", by=by, kind="process", subject=process_id, reason=reason)
    process.refresh_from_db()
    return process


def _record(process: Process, reason: str, *, by: str) -> Record:
    """A row of its own, so that the timeline shows who ended it where."""
    return Record(
        path=AT_END,
        visit=1,
        attempt=process.position_attempt + 1 if process.position_path == AT_END else 1,
        name=ABORT_NAME,
        kind=StepKind.STEP,
        status=StepStatus.ABORT,
        reason=reason or None,
        by=by,
    )


def _workflow(process: Process) -> Workflow | None:
    try:
        return registry.get(process.workflow_name)
    except registry.UnknownWorkflow:
        return None
