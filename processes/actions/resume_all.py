"""Retry every failed task at once."""

from uuid import UUID

from django.contrib.auth.models import AbstractUser

from processes import permissions
from processes.actions.errors import NotPossible
from processes.actions.resume import retry
from processes.models import Process
from processes.permissions import Action


def resume_all(*, by: AbstractUser) -> int:
    """Retry each task that has failed; how many could be. Those that cannot now are left. Raises Denied."""
    permissions.check(by, Action.RETRY)
    failed = Process.objects.tasks().failed().order_by("started_at").values_list("pk", flat=True)
    return sum(_retried(process_id, by) for process_id in failed)


def _retried(process_id: UUID, by: AbstractUser) -> bool:
    try:
        retry(process_id, by=by)
    except (NotPossible, Process.DoesNotExist):
        return False
    return True
