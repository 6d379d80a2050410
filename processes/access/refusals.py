"""Refusals in the audit trail: wrong passwords, missing rights, too many requests; few rows however many there are.

The first `EACH` of a kind from one origin within `WINDOW`, and the first `ALL` from anywhere, have a row each. Those
beyond are counted, and told by one row when the window is over. The name that somebody claimed is data, not the actor.
"""

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from processes.access import audit, origin
from processes.engine.values.text import clean_text
from processes.models import RefusalTally

WINDOW = timedelta(minutes=15)
EACH = 20
ALL = 1000
NAMES = 10


@transaction.atomic
def record(
    action: str, *, by: str = "", claimed: str = "", reason: str = "", detail: dict[str, Any] | None = None
) -> None:
    """Record that something was refused to `by`, or to somebody unknown who said to be `claimed`."""
    settle()
    claimed = clean_text(claimed)[:150]
    who = f"by {by}" if by else f"from {origin.current().address}"
    tallies = (_tally(f"{action} {who}"[:200]), _tally(f"{action} from anywhere"))
    is_told = tallies[0].count < EACH and tallies[1].count < ALL
    for tally in tallies:
        tally.count += 1
    if not is_told:
        _count_only(tallies[0] if tallies[1].count <= ALL else tallies[1], claimed)
    for tally in tallies:
        tally.save()
    if is_told:
        said = {**(detail or {}), **({"claimed": claimed} if claimed else {})}
        audit.record(action, by=by, kind="refusal", detail=said, reason=reason)


@transaction.atomic
def settle(now: datetime | None = None) -> None:
    """Tell of the refusals that were only counted, in windows that are over, and forget those windows."""
    present = now or timezone.now()
    over = RefusalTally.objects.exclude(since__range=(present - WINDOW, present + WINDOW))  # ahead: the clock was set
    for tally in over.select_for_update().order_by("key")[:100]:
        if tally.untold:
            detail = {"count": tally.untold, "of": tally.key, "claimed": tally.names, "since": tally.since}
            audit.record("refusals_counted", by="", kind="refusal", detail=detail)
        tally.delete()


def _tally(key: str) -> RefusalTally:
    """The tally, held until the transaction ends, so that two refusals at once are both counted."""
    RefusalTally.objects.bulk_create([RefusalTally(key=key, since=timezone.now())], ignore_conflicts=True)
    return RefusalTally.objects.select_for_update().get(key=key)


def _count_only(tally: RefusalTally, claimed: str) -> None:
    tally.untold += 1
    if claimed and claimed not in tally.names and len(tally.names) < NAMES:
        tally.names = [*tally.names, claimed]
