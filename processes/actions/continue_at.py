"""Go on with a process whose definition has changed: a person says at which step of the present plan, and why."""

from uuid import UUID

from django.contrib.auth.models import AbstractUser

from processes import store
from processes.access import audit, permissions
from processes.access.permissions import Action
from processes.actions.errors import InvalidArgument, check_seen
from processes.actions.idempotency import run_once
from processes.actions.skip import checked_reason
from processes.engine import transitions
from processes.engine.plan import AT_END
from processes.engine.transitions import Record
from processes.engine.values.errors import Refused
from processes.engine.values.status import ProcessStatus, StepKind, StepStatus
from processes.engine.workflow import Workflow
from processes.models import Process
from processes.plugins import registry
from processes.store import load_state, locks, questions, wakeups

CONTINUE_PATH = "~continue"


def continue_at(
    process_id: UUID, path: str, *, by: AbstractUser, reason: str, idempotency_key: str = "", seen: str = ""
) -> Process:
    """Put a stopped process under the present plan of its workflow, at the step `path` ("" for its end).

    What was committed stays committed; steps from there on run under a new visit, thus under new idempotency keys. Its
    locks are taken again. Raises Process.DoesNotExist, Denied, Refused (also when its definition has not
    changed; Moved, when it does not stand as `seen`), LockHeld, and InvalidArgument for an unknown step or without a
    reason.
    """
    permissions.check(by, Action.SKIP, Process.objects.get(pk=process_id))
    reason = checked_reason(reason)
    name, request = by.get_username(), {"reason": reason, "path": path}
    return run_once(
        name,
        "continue",
        process_id,
        idempotency_key,
        request,
        lambda: _continue(process_id, path, reason, seen=seen, by=name),
    )


def _continue(process_id: UUID, path: str, reason: str, *, seen: str, by: str) -> Process:
    process = Process.objects.locked(process_id)
    check_seen(process, seen)
    workflow = _changed_workflow(process)
    place = workflow.tree.place_at(path)
    if place is None and path != AT_END:
        raise InvalidArgument("path", f"Workflow {workflow.name} has no step {path}.")
    locks.acquire(process.pk, process.lock_keys)
    questions.close(process)
    name = f"Continued at {place.leaf.name if place else 'the end'}"[:255]
    version_id = registry.version_id(workflow)
    to = workflow.tree.arrive(path, process.standing.position, load_state(process_id))
    transition = transitions.continued_at(process.standing, to, step=name, version_id=version_id)
    store.move(process, transition, _record(process, name, reason, by))
    detail = {"from": process.position_path, "at": path}
    audit.record("continue_at", by=by, kind="process", subject=process_id, detail=detail, reason=reason)
    wakeups.wake()
    process.refresh_from_db()
    return process


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


def _record(process: Process, name: str, reason: str, by: str) -> Record:
    return Record(
        path=CONTINUE_PATH,
        visit=process.steps.filter(path=CONTINUE_PATH).count() + 1,
        attempt=1,
        name=name,
        kind=StepKind.EDIT,
        status=StepStatus.SUCCESS,
        patch=b"{}",
        reason=reason,
        by=by,
        is_numbered=True,
    )
