"""Append to the audit trail; each row's hash covers the row before it, so that a missing or changed one shows."""

import hashlib
import json
from collections.abc import Iterator, Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone

from processes import store
from processes.engine.errors import clean_text
from processes.models import AuditEvent


@transaction.atomic(savepoint=False)
def record(
    action: str, *, by: str, kind: str = "", subject: object = "", detail: Mapping[str, Any] | None = None
) -> AuditEvent:
    """Record an act of `by` (a user name) on a subject, in the caller's transaction.

    `detail` must be JSON; leave secrets and form answers out of it. Texts may come straight from people: what no
    database takes is replaced, and what is too long for its column is cut. Others who record wait until the
    transaction ends, so call it last.
    """
    store.queue_for("audit")
    last = AuditEvent.objects.order_by("-id").first()
    event = AuditEvent(
        at=timezone.now(),
        actor=clean_text(by)[:255],
        action=clean_text(action)[:100],
        subject_kind=clean_text(kind)[:50],
        subject_id=clean_text(str(subject))[:100],
        detail=_clean(dict(detail or {})),
        previous_hash=last.hash if last else "",
    )
    event.hash = digest(event)
    event.save(force_insert=True)
    return event


def verify() -> Iterator[int]:
    """The id of each row that was changed, or that does not follow from the one before it; nothing when all is well.

    That the newest rows are missing cannot be seen here: compare the newest hash with a copy kept elsewhere.
    """
    before = ""
    for event in AuditEvent.objects.order_by("id").iterator():
        if event.previous_hash != before or event.hash != digest(event):
            yield event.pk
        before = event.hash


def digest(event: AuditEvent) -> str:
    """The hash of an event over its fields and the hash before it (SHA-256, hexadecimal)."""
    fields = [
        event.previous_hash, event.at.isoformat(), event.actor, event.action,
        event.subject_kind, event.subject_id, event.detail,
    ]  # fmt: skip
    return hashlib.sha256(json.dumps(fields, sort_keys=True).encode()).hexdigest()


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
