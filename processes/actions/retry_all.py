"""Retry every failed task at once."""

from uuid import UUID

from django.contrib.auth.models import AbstractUser

from processes.access import permissions
from processes.access.permissions import Action
from processes.actions.idempotency import find_answer, record_answer
from processes.actions.pause import check_running
from processes.actions.retry import retry
from processes.engine.values.errors import Refused
from processes.models import Process

OPERATION = "resume-all"


def retry_all(*, by: AbstractUser, idempotency_key: str = "") -> int:
    """Retry each task that has failed; how many could be. Those that cannot now are left.

    A repeat under the same key retries nothing and gives the number of the first call. Raises Denied, EnginePaused.
    """
    permissions.check(by, Action.RETRY)
    name = by.get_username()
    before = find_answer(name, OPERATION, idempotency_key)
    if before is not None:
        return int(before["count"])
    check_running()
    failed = Process.objects.tasks().failed().order_by("started_at").values_list("pk", flat=True)
    count = sum(_retried(process_id, by, idempotency_key) for process_id in failed)
    return int(record_answer(name, OPERATION, idempotency_key, {"count": count})["count"])


def _retried(process_id: UUID, by: AbstractUser, idempotency_key: str) -> bool:
    try:
        retry(process_id, by=by, idempotency_key=idempotency_key)
    except (Refused, permissions.Denied, Process.DoesNotExist):
        return False
    return True
