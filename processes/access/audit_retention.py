"""Remove the beginning of the audit trail when it is old; a row of the trail itself says up to where, with the hash.

So the rest is still a chain: it begins where the newest of these rows says (`audit.cut`).
"""

from collections.abc import Sequence
from datetime import datetime

from django.db.models import QuerySet, Subquery

from processes.access import audit
from processes.engine.transitions import SYSTEM
from processes.models import AuditEvent
from processes.plugins.retention import Keys, RetainedKind


def _old(before: datetime) -> QuerySet[AuditEvent]:
    """The rows from before then, but for the last of all: the chain never ends in nothing."""
    last = AuditEvent.objects.order_by("-pk").values("pk")[:1]
    return AuditEvent.objects.filter(at__lt=before, pk__lt=Subquery(last))


def _without_gap(keys: Keys) -> Keys:
    """Those of the rows, in order, between which none is younger: the numbers of the trail have no gaps."""
    return [key for place, key in enumerate(keys) if key == keys[0] + place]


def _cut(keys: Keys) -> None:
    """Delete these rows, if they are the first, and record where the chain begins since."""
    first, number = AuditEvent.objects.order_by("pk").values_list("pk", flat=True).first(), keys[-1]
    if first != keys[0]:
        return
    end = AuditEvent.objects.values_list("hash", flat=True).get(pk=number)
    AuditEvent.objects.filter(pk__lte=number).delete()
    detail = {"number": number, "hash": end}
    audit.record(audit.CUT, by=SYSTEM, kind=audit.CUT_KIND, subject=audit.CUT_ID, detail=detail)


KINDS: Sequence[RetainedKind] = (
    RetainedKind("audit", "The audit trail", _old, "at", order="id", free=_without_gap, remove=_cut),
)
