"""Abort a process: it ends at once, and what a worker still brings back is ignored."""

from uuid import UUID

from django.contrib.auth.models import AbstractUser
from django.db.models import F

from processes.access import audit, permissions
from processes.access.permissions import Action
from processes.actions.find import find, lock
from processes.actions.idempotency import run_once
from processes.engine.errors import Refused
from processes.engine.plan import AT_END
from processes.engine.status import ProcessStatus, RunState, StepStatus
from processes.engine.text import clean_text
from processes.engine.workflow import Workflow
from processes.execution.finish import end_process
from processes.models import Process, Step
from processes.plugins import registry
from processes.store import failpoints, load_state
from processes.store.clock import EngineNow

ABORT_NAME = "User Aborted"


def abort(process_id: UUID, *, by: AbstractUser, reason: str = "", idempotency_key: str = "") -> Process:
    """End a process that is not finished; its locks are let go, and its binding puts its subject right.

    Raises Process.DoesNotExist, Denied, Refused.
    """
    permissions.check(by, Action.ABORT, find(process_id))
    reason = clean_text(reason)
    name = by.get_username()
    aborted = run_once(name, "abort", process_id, idempotency_key, reason, lambda: _abort(process_id, reason, by=name))
    failpoints.hit("aborted")
    return aborted


def _abort(process_id: UUID, reason: str, *, by: str) -> Process:
    process = lock(process_id)
    if process.is_ended:
        raise Refused(f"The process is {process.status} and cannot be aborted.")
    _record(process, reason, by=by)
    now = EngineNow()
    Process.objects.filter(pk=process_id).update(
        run_state=RunState.ENDED,
        status=ProcessStatus.ABORTED,
        fence=F("fence") + 1,
        owner="",
        waits_for="",
        ended_at=now,
        last_modified_at=now,
        last_step=ABORT_NAME,
    )
    failpoints.hit("abort-written")
    state = load_state(process_id).as_dict()
    end_process(process_id, _workflow(process), ProcessStatus.ABORTED, state=state, by=by)
    audit.record("abort", by=by, kind="process", subject=process_id, detail={"reason": reason[:1000]})
    return find(process_id)


def _record(process: Process, reason: str, *, by: str) -> None:
    """A row of its own, so that the timeline shows who ended it where; a question that was open is closed."""
    process.steps.filter(status=StepStatus.SUSPEND).update(status=StepStatus.ABORT, completed_at=EngineNow())
    Step.objects.create(
        process=process,
        path=AT_END,
        attempt=process.position_attempt + 1 if process.position_path == AT_END else 1,
        name=ABORT_NAME,
        status=StepStatus.ABORT,
        patch={"reason": reason} if reason else None,
        created_by=by,
        fence=process.fence,
        started_at=EngineNow(),
        completed_at=EngineNow(),
    )


def _workflow(process: Process) -> Workflow | None:
    try:
        return registry.get(process.workflow_name)
    except registry.UnknownWorkflow:
        return None
