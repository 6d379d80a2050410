"""Retry every failed task at once."""

from uuid import UUID

from django.contrib.auth.models import AbstractUser

from processes.access import permissions
from processes.access.permissions import Action
from processes.actions.engine import check_running
from processes.actions.once import answer_before, keep_answer
from processes.actions.resume import retry
from processes.engine.errors import Refused
from processes.models import Process

OPERATION = "resume-all"


def resume_all(*, by: AbstractUser, once: str = "") -> int:
    """Retry each task that has failed; how many could be. Those that cannot now are left.

    With `once` a repeat retries nothing and gives the number of the first call. Raises Denied, EnginePaused.
    """
    permissions.check(by, Action.RETRY)
    name = by.get_username()
    before = answer_before(name, OPERATION, once)
    if before is not None:
        return int(before["count"])
    check_running()
    failed = Process.objects.tasks().failed().order_by("started_at").values_list("pk", flat=True)
    count = sum(_retried(process_id, by, once) for process_id in failed)
    return int(keep_answer(name, OPERATION, once, {"count": count})["count"])


def _retried(process_id: UUID, by: AbstractUser, once: str) -> bool:
    try:
        retry(process_id, by=by, once=once)
    except (Refused, Process.DoesNotExist):
        return False
    return True
