"""Append to the audit trail; each row's hash covers the row before it, so that a missing or changed one shows."""

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django.db import connection, transaction
from django.db.models import Model
from django.db.models.expressions import RawSQL
from django.utils import timezone

from processes.engine.text import clean_text
from processes.models import AuditEvent, AuditHead
from processes.store import bulk_insert

_LINK = """
head AS (
  INSERT INTO processes_audithead AS head (id, number, previous_hash, hash)
  VALUES (1, 1, '', encode(sha256(convert_to('["", ' || %s, 'UTF8')), 'hex'))
  ON CONFLICT (id) DO UPDATE SET number = head.number + 1, previous_hash = head.hash,
    hash = encode(sha256(convert_to('["' || head.hash || '", ' || %s, 'UTF8')), 'hex')
  RETURNING number, previous_hash, hash)
"""


def record(
    action: str, *, by: str, kind: str = "", subject: object = "", detail: Mapping[str, Any] | None = None
) -> AuditEvent:
    """Record an act of `by` (a user name) on a subject, in the caller's transaction.

    `detail` must be JSON; leave secrets and form answers out of it. Texts may come straight from people: what no
    database takes is replaced, and what is too long for its column is cut. Others who record wait until the
    transaction ends, so call it last.
    """
    return record_with((), action, by=by, kind=kind, subject=subject, detail=detail)


def record_with(
    rows: Sequence[Model],
    action: str,
    *,
    by: str,
    kind: str = "",
    subject: object = "",
    detail: Mapping[str, Any] | None = None,
    and_select: str = "NULL",
) -> AuditEvent:
    """The same, and insert the rows of which the act consists: on PostgreSQL it is all one statement.

    `and_select` is an expression of PostgreSQL for which nobody asks, such as a call.
    """
    event = AuditEvent(
        at=timezone.now(),
        actor=clean_text(by)[:255],
        action=clean_text(action)[:100],
        subject_kind=clean_text(kind)[:50],
        subject_id=clean_text(str(subject))[:100],
        detail=_clean(dict(detail or {})),
    )
    if connection.vendor == "postgresql":
        _link_and_insert(event, rows, and_select)
    else:
        _link_then_insert(event, rows)
    return event


def _link_and_insert(event: AuditEvent, rows: Sequence[Model], and_select: str) -> None:
    event.pk = RawSQL("(SELECT number FROM head)", ())
    event.previous_hash = RawSQL("(SELECT previous_hash FROM head)", ())
    event.hash = RawSQL("(SELECT hash FROM head)", ())
    answer = f"number, previous_hash, hash, {and_select} FROM head"
    event.pk, event.previous_hash, event.hash, _ = bulk_insert.insert(
        [*rows, event], first=_LINK, values=[_fields(event)] * 2, answer=answer
    )


@transaction.atomic(savepoint=False)
def _link_then_insert(event: AuditEvent, rows: Sequence[Model]) -> None:
    head = AuditHead.objects.filter(pk=1).first() or AuditHead()
    event.pk, event.previous_hash = head.number + 1, head.hash
    event.hash = digest(event)
    head.number, head.previous_hash, head.hash = event.pk, event.previous_hash, event.hash
    head.save()
    for row in [*rows, event]:
        row.save(force_insert=True)


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
