"""Append to the audit trail; each row's hash covers the row before it, so that a missing or changed one shows."""

import hashlib
import json
from collections.abc import Iterator, Mapping
from typing import Any

from django.db import connection, transaction
from django.db.models.expressions import RawSQL
from django.utils import timezone

from processes.engine.values.text import clean_text
from processes.models import AuditEvent, AuditHead
from processes.store import bulk_insert
from processes.store.sql import postgresql


@transaction.atomic(savepoint=False)
def record(
    action: str, *, by: str, kind: str = "", subject: object = "", detail: Mapping[str, Any] | None = None
) -> AuditEvent:
    """Record an act of `by` (a user name) on a subject, in the caller's transaction.

    `detail` must be JSON; leave secrets and form answers out of it. Texts may come straight from people: what no
    database takes is replaced, and what is too long for its column is cut. Others who record wait until the
    transaction ends, so call it last.
    """
    event = event_of(action, by=by, kind=kind, subject=subject, detail=detail)
    answer = bulk_insert.insert([event], first=link(event))
    if answer:
        event.pk, event.previous_hash, event.hash = answer
    return event


def event_of(
    action: str, *, by: str, kind: str = "", subject: object = "", detail: Mapping[str, Any] | None = None
) -> AuditEvent:
    """The row of an act, not stored yet. A verb that inserts rows of its own inserts it with them, after `link`."""
    return AuditEvent(
        at=timezone.now(),
        actor=clean_text(by)[:255],
        action=clean_text(action)[:100],
        subject_kind=clean_text(kind)[:50],
        subject_id=clean_text(str(subject))[:100],
        detail=_clean(dict(detail or {})),
    )


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
    before, number = "", 0
    for event in AuditEvent.objects.order_by("id").iterator():
        if event.previous_hash != before or event.hash != digest(event):
            yield event.pk
        before, number = event.hash, event.pk
    head = AuditHead.objects.filter(pk=1).first() or AuditHead()
    if (head.number, head.hash) != (number, before):
        yield number + 1


def digest(event: AuditEvent) -> str:
    """The hash of an event over the hash before it and its fields, as a JSON list (SHA-256, hexadecimal)."""
    return hashlib.sha256(f'["{event.previous_hash}", {_fields(event)}'.encode()).hexdigest()


def _fields(event: AuditEvent) -> str:
    """The rest of that list, behind the hash before it."""
    fields = [
        event.at.isoformat(), event.actor, event.action, event.subject_kind, event.subject_id, event.detail,
    ]  # fmt: skip
    return json.dumps(fields, sort_keys=True)[1:]


def _clean(value: Any) -> Any:
    """The value with texts that every database takes."""
    match value:
        case str():
            return clean_text(value)
        case dict():
            return {clean_text(str(key)): _clean(inner) for key, inner in value.items()}
        case list() | tuple():
            return [_clean(inner) for inner in value]
        case _:
            return value
