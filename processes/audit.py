"""Append to the audit trail; each row's hash covers the row before it, so that a missing one shows."""

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone

from processes.models import AuditEvent


@transaction.atomic
def record(
    action: str, *, by: str, kind: str = "", subject: object = "", detail: Mapping[str, Any] | None = None
) -> AuditEvent:
    """Record an act of `by` (a user name) on a subject, in the caller's transaction.

    `detail` must be JSON; leave secrets and form answers out of it.
    """
    last = AuditEvent.objects.select_for_update().order_by("-id").first()
    event = AuditEvent(
        at=timezone.now(),
        actor=by,
        action=action,
        subject_kind=kind,
        subject_id=str(subject),
        detail=dict(detail or {}),
        previous_hash=last.hash if last else "",
    )
    event.hash = digest(event)
    event.save(force_insert=True)
    return event


def digest(event: AuditEvent) -> str:
    """The hash of an event over its fields and the hash before it (SHA-256, hexadecimal)."""
    fields = [
        event.previous_hash, event.at.isoformat(), event.actor, event.action,
        event.subject_kind, event.subject_id, event.detail,
    ]  # fmt: skip
    return hashlib.sha256(json.dumps(fields, sort_keys=True).encode()).hexdigest()
