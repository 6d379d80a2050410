"""An idempotency key makes a verb safe to repeat: the first call acts, every later one gets its result."""

import hashlib
import json
from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.db import transaction

from processes.actions.errors import named
from processes.engine.values.errors import Refused
from processes.models import Idempotency, Process
from processes.store.locks import LockHeld
from processes.store.records import recorded_or_paused

KEY_LIMIT = 255


def run_once(
    actor: str, verb: str, process_id: UUID, idempotency_key: str, request: object, act: Callable[[], Process]
) -> Process:
    """Run `act` on a process in a transaction, once per actor, verb, process and id; a repeat returns the process.

    Without an id it always acts. Raises Refused when the id comes back with another request.
    """
    operation = f"{verb}:{process_id}"
    record = record_of(actor, operation, idempotency_key, request, process_id)

    @transaction.atomic
    def recorded() -> Process:
        if record is not None:
            record.save(force_insert=True)
        return act()

    return unless_recorded(recorded, actor, operation, idempotency_key, request)


def record_of(
    actor: str, operation: str, idempotency_key: str, request: object, process_id: UUID
) -> Idempotency | None:
    """The row that keeps a second act under this id from being stored; None without an id."""
    if not idempotency_key:
        return None
    body = {"process_id": str(process_id)}
    return Idempotency(
        actor=actor, operation=operation, key=_key(idempotency_key), request_hash=_hash(request), status=201, body=body
    )


def unless_recorded(
    act: Callable[[], Process], actor: str, operation: str, idempotency_key: str, request: object
) -> Process:
    """Run an act that stores its record in its transaction; what it is refused for may be the work of the first time.

    The process of the first time is returned then. Raises Refused when the id comes back with another request, and
    LockHeld by the name that people know of what is locked.
    """
    try:
        return act()
    except Exception as error:
        known = find_recorded(actor, operation, idempotency_key, request)
        if known is None and isinstance(error, LockHeld):
            raise named(error) from None
        if known is None:
            raise
        return known


def find_recorded(actor: str, operation: str, idempotency_key: str, request: object) -> Process | None:
    """What the first call under this id made; None when this is the first. Ask before anything that may be refused.

    Raises Refused when the id comes back with another request.
    """
    record = _stored(actor, operation, idempotency_key) if idempotency_key else None
    return None if record is None else _process_of(record, request)


def find_recorded_or_paused(
    actor: str, operation: str, idempotency_key: str, request: object
) -> tuple[Process | None, bool]:
    """The same, and whether the engine is paused, asked by one statement."""
    record_id, is_paused = recorded_or_paused(actor, operation, _key(idempotency_key))
    if not idempotency_key or record_id is None:
        return None, is_paused
    return _process_of(Idempotency.objects.get(pk=record_id), request), is_paused


def find_answer(actor: str, operation: str, idempotency_key: str) -> dict[str, Any] | None:
    """What `keep_answer` kept under this id; None when nothing was, or without an id."""
    record = _stored(actor, operation, idempotency_key) if idempotency_key else None
    return None if record is None else dict(record.body or {})


def record_answer(actor: str, operation: str, idempotency_key: str, answer: dict[str, Any]) -> dict[str, Any]:
    """Keep an answer that is not a process for a repeat; the answer of whoever was first."""
    if not idempotency_key:
        return answer
    given = {"request_hash": _hash(None), "status": 200, "body": answer}
    record, _ = Idempotency.objects.get_or_create(
        actor=actor, operation=operation, key=_key(idempotency_key), defaults=given
    )
    return dict(record.body or {})


def is_used(actor: str, operation: str, idempotency_key: str) -> bool:
    """Whether something was done under this id, whatever the request was."""
    return bool(idempotency_key) and _stored(actor, operation, idempotency_key) is not None


def _hash(request: object) -> str:
    """The same for equal requests, whatever is in them."""
    return hashlib.sha256(json.dumps(request, default=str, sort_keys=True).encode()).hexdigest()


def _key(idempotency_key: str) -> str:
    """The id as it is kept: any text, of any length."""
    if len(idempotency_key) <= KEY_LIMIT and idempotency_key.isascii() and idempotency_key.isprintable():
        return idempotency_key
    return hashlib.sha256(json.dumps(idempotency_key).encode()).hexdigest()


def _stored(actor: str, operation: str, idempotency_key: str) -> Idempotency | None:
    return Idempotency.objects.filter(actor=actor, operation=operation, key=_key(idempotency_key)).first()


def _process_of(record: Idempotency, request: object) -> Process:
    if record.request_hash != _hash(request):
        raise Refused("This idempotency key was already used for a different request.")
    stored: dict[str, str] = record.body or {}
    return Process.objects.get(pk=UUID(stored["process_id"]))
