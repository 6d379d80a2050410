"""What waits for a person among the processes that somebody may see; `processes.store.attention` has it for all."""

from dataclasses import replace

from django.db.models import Q, QuerySet

from processes.engine.values.status import FAILED_STATUSES, ProcessStatus
from processes.lists.counts import MOST_TOLD, Capped
from processes.models import Process
from processes.store.attention import Attention, attention


def attention_among(processes: QuerySet[Process]) -> Attention:
    """The same counts of these alone, no further than a badge has room for, by four queries."""
    failed = Q(status__in=FAILED_STATUSES)
    return replace(
        attention(),
        need_input=_counted(processes.filter(status=ProcessStatus.SUSPENDED)),
        failed=_counted(processes.filter(failed, is_task=False)),
        failed_tasks=_counted(processes.filter(failed, is_task=True)),
    )


def _counted(processes: QuerySet[Process]) -> Capped:
    return Capped(processes.order_by()[: MOST_TOLD + 1].count())
