"""Go on with a process whose definition has changed: a person says at which step of the present plan, and why."""

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
from processes.engine.plan import AT_END
from processes.engine.status import ProcessStatus, RunState, StepKind, StepStatus
from processes.engine.workflow import Workflow
from processes.models import Process, Step
from processes.plugins import registry
from processes.store import wakeups
from processes.store.clock import EngineNow
from processes.store.locks import acquire

CONTINUE_PATH = "~continue"


def continue_at(process_id: UUID, path: str, *, by: AbstractUser, reason: str, idempotency_key: str = "") -> Process:
    """Put a stopped process under the present plan of its workflow, at the step `path` ("" for its end).

    What was committed stays committed; steps from there on run under a new visit, thus under new idempotency keys. Its
    locks are taken again. Raises Process.DoesNotExist, Denied, Refused (also when its definition has not
    changed), LockHeld, and InvalidArgument for an unknown step or without a reason.
    """
    permissions.check(by, Action.SKIP, find(process_id))
    reason = checked_reason(reason)
    name, request = by.get_username(), {"reason": reason, "path": path}
    return run_once(
        name, "continue", process_id, idempotency_key, request, lambda: _continue(process_id, path, reason, name)
    )


def _continue(process_id: UUID, path: str, reason: str, by: str) -> Process:
    process = lock(process_id)
    workflow = _changed_workflow(process)
    step = workflow.step_at(path)
    if step is None and path != AT_END:
        raise InvalidArgument("path", f"Workflow {workflow.name} has no step {path}.")
    acquire(process.pk, process.lock_keys)
    process.steps.filter(status=StepStatus.SUSPEND).update(status=StepStatus.ABORT, completed_at=EngineNow())
    _record(process, step.name if step else "the end", reason, by)
    now = EngineNow()
    Process.objects.filter(pk=process_id).update(
        workflow_version_id=registry.version_id(workflow),
        run_state=RunState.READY,
        status=ProcessStatus.RESUMED,
        fence=F("fence") + 1,
        position_path=path,
        position_visit=F("position_visit") + 1,
        position_attempt=0,
        retry_base=0,
        crash_count=0,
        sequence=F("sequence") + 1,
        assignee="SYSTEM",
        ready_at=now,
        last_modified_at=now,
        failed_reason=None,
        error_class=None,
        traceback=None,
    )
    detail = {"from": process.position_path, "at": path, "reason": reason}
    audit.record("continue_at", by=by, kind="process", subject=process_id, detail=detail)
    wakeups.wake()
    return find(process_id)


def _changed_workflow(process: Process) -> Workflow:
    """The present definition. Raises Refused unless the process has stopped under another one."""
    if not (process.is_failed or process.status == ProcessStatus.SUSPENDED):
        raise Refused(f"Only a stopped process can be continued at another step; this process is {process.status}.")
    try:
        workflow = registry.get(process.workflow_name)
        registry.version_to_go_on_with(process.workflow_version_id, workflow, process.position_path)
    except registry.DefinitionChanged:
        return workflow
    except registry.UnknownWorkflow as unknown:
        raise Refused(str(unknown)) from unknown
    raise Refused("The workflow has not changed up to the current step; retry the process instead.")


def _record(process: Process, at: str, reason: str, by: str) -> None:
    now = EngineNow()
    Step.objects.create(
        process=process,
        path=CONTINUE_PATH,
        visit=process.steps.filter(path=CONTINUE_PATH).count() + 1,
        sequence=process.sequence + 1,
        name=f"Continued at {at}"[:255],
        kind=StepKind.EDIT,
        status=StepStatus.SUCCESS,
        patch={},
        reason=reason,
        created_by=by,
        fence=process.fence,
        started_at=now,
        completed_at=now,
    )
