"""Append to the audit trail; each row's hash covers the row before it, so that a missing or changed one shows."""

import hashlib
import json
from collections.abc import Iterator, Mapping
from typing import Any

from django.db import connection, transaction
from django.db.models.expressions import RawSQL
from django.utils import timezone

from processes.access import anchors, origin
from processes.access.anchors import Anchor
from processes.access.canonical import canonical
from processes.engine.values.text import clean_text
from processes.models import AuditEvent, AuditHead
from processes.store import bulk_insert
from processes.store.sql import postgresql

CUT, CUT_KIND, CUT_ID = "audit.cut", "audit", "cut"
"""What a row is called that says where the trail begins since its beginning was removed."""
DIGEST = 2
"""What a digest covers now; rows of the first kind had no address, client and reason."""


@transaction.atomic(savepoint=False)
def record(
    action: str,
    *,
    by: str,
    kind: str = "",
    subject: object = "",
    detail: Mapping[str, Any] | None = None,
    reason: str = "",
) -> AuditEvent:
    """Record an act of `by` (a user name) on a subject, in the caller's transaction.

    Leave secrets and form answers out of `detail`. Texts may come straight from people: what no database takes is
    replaced, and what is too long for its column is cut. Others who record wait until the transaction ends, so call it
    last.
    """
    event = event_of(action, by=by, kind=kind, subject=subject, detail=detail, reason=reason)
    written(event, bulk_insert.insert([event], first=link(event)))
    return event


def event_of(
    action: str,
    *,
    by: str,
    kind: str = "",
    subject: object = "",
    detail: Mapping[str, Any] | None = None,
    reason: str = "",
) -> AuditEvent:
    """The row of an act, not stored yet. A verb that inserts rows of its own inserts it with them, after `link`.

    What was inserted is told to `written`.
    """
    came = origin.current()
    return AuditEvent(
        at=timezone.now(),
        actor=clean_text(by)[:255],
        action=clean_text(action)[:100],
        subject_kind=clean_text(kind)[:50],
        subject_id=clean_text(str(subject))[:100],
        detail=canonical(dict(detail or {})),
        address=clean_text(came.address)[:64],
        client=clean_text(came.client)[:200],
        reason=clean_text(reason),
        digest_kind=DIGEST,
    )


def written(event: AuditEvent, answer: tuple[Any, ...]) -> None:
    """Complete an event with what its insertion answered; once that is true, its hash is told outside as well."""
    if answer:
        event.pk, event.previous_hash, event.hash = answer
    anchor = Anchor(event.pk, event.hash)
    transaction.on_commit(lambda: anchors.drop(anchor))


def link(event: AuditEvent) -> bulk_insert.Clause | None:
    """Link an event to the end of the chain, in the caller's transaction; what its insertion has to begin with."""
    if connection.vendor != "postgresql":
        _link_now(event)
        return None
    event.pk = RawSQL("(SELECT number FROM head)", ())
    event.previous_hash = RawSQL("(SELECT previous_hash FROM head)", ())
    event.hash = RawSQL("(SELECT hash FROM head)", ())
    return bulk_insert.Clause("head", postgresql.AUDIT_HEAD, [_fields(event)] * 2, ("number", "previous_hash", "hash"))


def _link_now(event: AuditEvent) -> None:
    head = AuditHead.objects.filter(pk=1).first() or AuditHead()
    event.pk, event.previous_hash = head.number + 1, head.hash
    event.hash = digest(event)
    head.number, head.previous_hash, head.hash = event.pk, event.previous_hash, event.hash
    head.save()


def verify() -> Iterator[int]:
    """The number of each row that was changed, or does not match the hash of the row before it.

    The number after the last one stands for newest rows that are missing.
    """
    number, before = cut()
    for event in AuditEvent.objects.filter(pk__gt=number).order_by("id").iterator():
        if event.previous_hash != before or event.hash != digest(event):
            yield event.pk
        before, number = event.hash, event.pk
    head = AuditHead.objects.filter(pk=1).first() or AuditHead()
    if (head.number, head.hash) != (number, before):
        yield number + 1


def cut() -> tuple[int, str]:
    """Up to which number the trail was removed since it was old, and the hash of that row; 0 and "" if it never was."""
    told = AuditEvent.objects.filter(subject_kind=CUT_KIND, subject_id=CUT_ID, action=CUT).order_by("-pk").first()
    if told is None:
        return 0, ""
    return int(told.detail["number"]), str(told.detail["hash"])


def digest(event: AuditEvent) -> str:
    """The hash of an event over the hash before it and its fields, as a JSON list (SHA-256, hexadecimal)."""
    return hashlib.sha256(f'["{event.previous_hash}", {_fields(event)}'.encode()).hexdigest()


def _fields(event: AuditEvent) -> str:
    """The rest of that list, behind the hash before it."""
    fields = [
        event.at.isoformat(), event.actor, event.action, event.subject_kind, event.subject_id, event.detail,
    ]  # fmt: skip
    if event.digest_kind == DIGEST:
        fields += [event.address, event.client, event.reason]
    return json.dumps(fields, sort_keys=True)[1:]
