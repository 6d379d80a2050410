"""Which rows of this app are old enough to go, and which of them nothing refers to any more."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from django.conf import settings
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from processes.engine.values.status import RunState
from processes.lists.counts import MOST_TOLD, Capped
from processes.models import FormDraft, Idempotency, Notification, Process
from processes.plugins import retention
from processes.plugins.retention import Keys, RetainedKind


@dataclass(frozen=True)
class Due:
    """What would go of a kind now, at most: rows that something refers to stay. `days` 0 keeps them for ever."""

    kind: RetainedKind
    days: int
    count: Capped | None
    oldest: datetime | None


def due() -> list[Due]:
    """Every kind with what would go, in the order in which they go."""
    return [_due(kind) for kind in retention.kinds().values()]


def days_of(name: str) -> int:
    """For how many days rows of a kind are kept; 0 is for ever."""
    days: int = settings.RETENTION_DAYS.get(name, 0)
    return days


def cutoff_of(name: str) -> datetime | None:
    """Rows of the kind from before this moment go; None keeps them all."""
    days = days_of(name)
    return timezone.now() - timedelta(days=days) if days > 0 else None


def _due(kind: RetainedKind) -> Due:
    cutoff = cutoff_of(kind.name)
    if cutoff is None:
        return Due(kind, 0, None, None)
    rows = kind.due(cutoff)
    oldest = rows.order_by(kind.ordered_by).values_list(kind.moment, flat=True).first()
    return Due(kind, days_of(kind.name), Capped(rows.order_by()[: MOST_TOLD + 1].count()), oldest)


def _ended(before: datetime, *, is_task: bool) -> QuerySet[Process]:
    """Ended before then, and nobody's parent."""
    of_it = Process.objects.order_by()
    return Process.objects.filter(
        ~Exists(of_it.filter(parent=OuterRef("pk"))),
        ~Exists(of_it.filter(root=OuterRef("pk")).exclude(pk=OuterRef("pk"))),
        run_state=RunState.ENDED,
        ended_at__lt=before,
        is_task=is_task,
    )


def free_processes(keys: Keys) -> Keys:
    """Those of these processes that nothing refers to: no kept answer of a request, no history of a subject."""
    wanted = {str(key): key for key in keys}
    answers = Idempotency.objects.filter(body__process_id__in=list(wanted))
    held = {wanted[told] for told in answers.values_list("body__process_id", flat=True)}
    for referrer in retention.referrers():
        held |= referrer(keys)
    return [key for key in keys if key not in held]


def _older(model: Any, moment: str, before: datetime) -> QuerySet[Any]:
    rows: QuerySet[Any] = model._default_manager.filter(**{f"{moment}__lt": before})
    return rows


_old_keys = partial(_older, Idempotency, "created_at")
_old_notifications = partial(_older, Notification, "created_at")
KINDS: Sequence[RetainedKind] = (
    RetainedKind("idempotency", "Idempotency keys", _old_keys, "created_at", order="id"),
    RetainedKind("drafts", "Drafts of forms", partial(_older, FormDraft, "updated_at"), "updated_at"),
    RetainedKind("notifications", "Notifications", _old_notifications, "created_at", order="id"),
    RetainedKind("tasks", "Tasks that have ended", partial(_ended, is_task=True), "ended_at", free_processes),
    RetainedKind("processes", "Processes that have ended", partial(_ended, is_task=False), "ended_at", free_processes),
)
