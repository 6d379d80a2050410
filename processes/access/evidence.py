"""Whether the audit trail is whole, by what stands in it and by what was told outside; and its export."""

import hashlib
import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from processes.access import anchors, audit
from processes.access.anchors import Anchor, AnchorForged
from processes.models import AuditEvent, AuditHead

AT_ONCE = 500


def faults(told: Iterable[Anchor]) -> Iterator[str]:
    """What is wrong, a sentence each: rows that do not fit the one before, and anchors that no row fits."""
    for number in audit.verify():
        yield f"The row {number} is missing, or was changed, or does not match the hash of the row before it."
    yield from contradicted(told)


def contradicted(told: Iterable[Anchor]) -> Iterator[str]:
    """Each anchor whose row is missing or has another hash: rows were deleted, or the chain was computed anew.

    Rows before the beginning of the trail, which were removed since they were old, are asked for by nobody.
    """
    removed, _ = audit.cut()
    wanted = sorted((one for one in set(told) if one.number > removed), key=lambda anchor: anchor.number)
    for start in range(0, len(wanted), AT_ONCE):
        some = wanted[start : start + AT_ONCE]
        found = dict(AuditEvent.objects.filter(pk__in=[one.number for one in some]).values_list("pk", "hash"))
        for anchor in some:
            if found.get(anchor.number) != anchor.hash:
                what = "has another hash" if anchor.number in found else "is missing"
                yield f"The row {anchor.number} {what}; it was told outside of the database."


def drop_anchor() -> None:
    """Tell the end of the chain outside once more: when the workers start, and before an export."""
    head = AuditHead.objects.filter(pk=1).first()
    if head is not None and head.number:
        anchors.drop(Anchor(head.number, head.hash))


def exported(events: QuerySet[AuditEvent]) -> Iterator[str]:
    """JSON lines, one for each event, oldest first; the last one is signed and vouches for all of them."""
    everything, last, count = hashlib.sha256(), Anchor(0, ""), 0
    for event in events.order_by("id").iterator(chunk_size=AT_ONCE):
        line = json.dumps(as_json(event), sort_keys=True, default=str)
        everything.update(f"{line}\n".encode())
        last, count = Anchor(event.pk, event.hash), count + 1
        yield f"{line}\n"
    yield f"{anchors.signed(last, lines=count, sha256=everything.hexdigest(), at=timezone.now().isoformat())}\n"


def as_json(event: AuditEvent) -> dict[str, Any]:
    """An event with its place in the chain."""
    return {
        "number": event.pk,
        "at": event.at.isoformat(),
        "actor": event.actor,
        "action": event.action,
        "kind": event.subject_kind,
        "id": event.subject_id,
        "detail": event.detail,
        "reason": event.reason,
        "address": event.address,
        "client": event.client,
        "previous_hash": event.previous_hash,
        "hash": event.hash,
    }


def anchors_of_export(path: Path) -> list[Anchor]:
    """The events of an export as anchors. Raises AnchorForged unless it is as it was signed, OSError."""
    with path.open(encoding="utf-8") as file:
        *lines, end = list(file) or [""]
    said = anchors.checked(end)
    if hashlib.sha256("".join(lines).encode()).hexdigest() != said.get("sha256") or len(lines) != said.get("lines"):
        raise AnchorForged("The export was changed after it was signed.")
    events = [json.loads(line) for line in lines]
    return [Anchor(event["number"], event["hash"]) for event in events]
