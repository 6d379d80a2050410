"""Remove what is old enough, in small transactions; what is referred to stays, and each run is told in the trail."""

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Q

from processes.access import audit
from processes.plugins import retention
from processes.plugins.retention import RetainedKind
from processes.queries.retention import cutoff_of, days_of

SMALLEST, FIRST, LARGEST = 10, 100, 1_000
"""Rows of a batch: as many as go within `LONGEST_SECONDS`, since others who write on SQLite wait meanwhile."""
LONGEST_SECONDS = 0.1
PAUSE_SHARE = 0.5
"""Of the time that a batch took, for which everybody else has the database alone afterwards."""


@dataclass(frozen=True)
class Removed:
    """What went of a kind, or would go; `kept` are rows that were old enough and are referred to."""

    kind: RetainedKind
    days: int
    removed: int
    kept: int


def remove_due(names: Sequence[str] = (), *, by: str, rehearse: bool = False) -> Iterator[Removed]:
    """Remove of each of these kinds (all without names) what its setting says, and tell each as it is done.

    A kind without a setting is kept for ever. To rehearse removes nothing, and counts. Raises KeyError for a name that
    is no kind.
    """
    known = retention.kinds()
    for kind in [known[name] for name in names] if names else list(known.values()):
        cutoff = cutoff_of(kind.name)
        if cutoff is None:
            continue
        done = _remove(kind, cutoff, rehearse=rehearse)
        if done.removed and not rehearse:
            detail = {"kind": kind.name, "removed": done.removed, "before": cutoff.isoformat()}
            audit.record("retention", by=by, kind="retention", subject=kind.name, detail=detail)
        yield done


def _remove(kind: RetainedKind, cutoff: datetime, *, rehearse: bool) -> Removed:
    removed = kept = 0
    size, after = FIRST, None
    while batch := _batch(kind, cutoff, after, size):
        after, keys = batch[-1], [key for _, key in batch]
        began = time.monotonic()
        gone = len(kind.free(keys)) if rehearse else _remove_batch(kind, cutoff, keys)
        seconds = time.monotonic() - began
        removed, kept = removed + gone, kept + len(keys) - gone
        size = min(LARGEST, size * 2) if seconds < LONGEST_SECONDS / 2 else size
        size = max(SMALLEST, size // 2) if seconds > LONGEST_SECONDS else size
        if not rehearse:
            time.sleep(seconds * PAUSE_SHARE)
    return Removed(kind, days_of(kind.name), removed, kept)


def _batch(kind: RetainedKind, cutoff: datetime, after: tuple[Any, Any] | None, size: int) -> list[tuple[Any, Any]]:
    """The next rows by age, with their places; of what stays no more than the last one is remembered."""
    column = kind.ordered_by
    rows = kind.due(cutoff).order_by(column, "pk")
    if after is not None:
        place, key = after
        rows = rows.filter(Q(**{f"{column}__gt": place}) | Q(pk__gt=key), **{f"{column}__gte": place})
    return list(rows.values_list(column, "pk")[:size])


@transaction.atomic
def _remove_batch(kind: RetainedKind, cutoff: datetime, keys: Sequence[Any]) -> int:
    """Remove those of the rows that are due yet, that nobody holds, and that nothing refers to."""
    rows = kind.due(cutoff).filter(pk__in=keys).order_by("pk")
    held = list(rows.select_for_update(skip_locked=True, of=("self",)).values_list("pk", flat=True))
    free = list(kind.free(held))
    if free and kind.remove is not None:
        kind.remove(free)
    elif free:
        rows.model._default_manager.filter(pk__in=free).delete()
    return len(free)
