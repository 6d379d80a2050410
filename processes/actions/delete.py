"""Remove a task run with all that belongs to it. What was ordered for a customer stays: only retention removes it."""

from uuid import UUID

from django.contrib.auth.models import AbstractUser
from django.db import transaction

from processes.access import audit, permissions
from processes.access.permissions import Action
from processes.actions.errors import check_seen
from processes.engine.values.errors import Refused
from processes.engine.values.status import ProcessStatus
from processes.execution.finish import finish
from processes.models import Process
from processes.plugins import registry
from processes.store import load_state, questions


class NotATask(ValueError):
    """Only task runs can be deleted; this is a process."""

    def __init__(self) -> None:
        super().__init__("Only task runs can be deleted; this is a process.")


@transaction.atomic
def delete(process_id: UUID, *, by: AbstractUser, seen: str = "") -> None:
    """Remove a task run; one that has not ended is ended by it, as an abort does, and its worker is fenced off.

    Raises Process.DoesNotExist, Denied, NotATask, and Refused (Moved, when it does not stand as `seen`) for one that
    others were started by.
    """
    permissions.check(by, Action.DELETE, Process.objects.get(pk=process_id))
    process = Process.objects.locked(process_id)
    check_seen(process, seen)
    if not process.is_task:
        raise NotATask
    if process.children.exists() or process.descendants.exclude(pk=process_id).exists():
        raise Refused("This task cannot be deleted: it has started other processes.")
    if not process.is_ended:
        _end(process, by=by.get_username())
    detail = {"workflow": process.workflow_name, "status": process.status}
    process.delete()
    audit.record("delete", by=by.get_username(), kind="process", subject=process_id, detail=detail)


def _end(process: Process, *, by: str) -> None:
    """Release what it holds, and have its binding put its subject right."""
    questions.close(process)
    try:
        workflow = registry.get(process.workflow_name)
    except registry.UnknownWorkflow:
        workflow = None
    finish(process.pk, workflow, ProcessStatus.ABORTED, state=load_state(process.pk).as_dict(), by=by)
