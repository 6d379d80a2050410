"""What the audit trail says of one object, for its page."""

from collections.abc import Sequence
from typing import Any

from processes.models import AuditEvent

SHOWN = 50


def of(kind: str, key: Any) -> Sequence[AuditEvent]:
    """The latest events of an object, the newest first."""
    return list(AuditEvent.objects.filter(subject_kind=kind, subject_id=str(key)).order_by("-id")[:SHOWN])
