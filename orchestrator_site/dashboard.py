"""What the start page tells: what waits for a person, what is wrong, what is new. A fixed number of queries."""

from dataclasses import dataclass

from django.db.models import Count, Q

from processes.engine.status import FAILED_STATUSES, ProcessStatus
from processes.models.process import Process


@dataclass(frozen=True)
class Attention:
    """How many processes wait for a person."""

    need_input: int
    failed: int
    failed_tasks: int


def attention() -> Attention:
    """Count what waits for a person, in one query over the few processes that do."""
    failed = Q(status__in=FAILED_STATUSES)
    counts = Process.objects.filter(failed | Q(status=ProcessStatus.SUSPENDED)).aggregate(
        need_input=Count("pk", filter=Q(status=ProcessStatus.SUSPENDED)),
        failed=Count("pk", filter=failed & Q(is_task=False)),
        failed_tasks=Count("pk", filter=failed & Q(is_task=True)),
    )
    return Attention(**counts)
