"""A one-time id makes a verb safe to repeat: the first call acts, every later one gets its result."""

import hashlib
import json
from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.db import transaction

from processes.actions.errors import NotPossible
from processes.models import Idempotency, Process
from processes.store import prepared_cursor

KEY_LIMIT = 255


def first_time(
    actor: str, verb: str, process_id: UUID, once: str, request: object, act: Callable[[], Process]
) -> Process:
    """Run `act` on a process in a transaction, once per actor, verb, process and id; a repeat returns the process.

    Without an id it always acts. Raises NotPossible when the id comes back with another request.
    """
    operation = f"{verb}:{process_id}"
    note = note_of(actor, operation, once, request, process_id)

    @transaction.atomic
    def noted() -> Process:
        if note is not None:
            note.save(force_insert=True)
        return act()

    return unless_done(noted, actor, operation, once, request)


def note_of(actor: str, operation: str, once: str, request: object, process_id: UUID) -> Idempotency | None:
    """The row that keeps a second act under this id from being stored; None without an id."""
    if not once:
        return None
    body = {"process_id": str(process_id)}
    return Idempotency(
        actor=actor, operation=operation, key=_key(once), request_hash=_hash(request), status=201, body=body
    )


def unless_done(act: Callable[[], Process], actor: str, operation: str, once: str, request: object) -> Process:
    """Run an act that stores its note in its transaction; what it is refused for may be the work of the first time.

    The process of the first time is returned then. Raises NotPossible when the id comes back with another request.
    """
    try:
        return act()
    except Exception:
        known = done_before(actor, operation, once, request)
        if known is None:
            raise
        return known


def done_before(actor: str, operation: str, once: str, request: object) -> Process | None:
    """What the first call under this id made; None when this is the first. Ask before anything that may be refused.

    Raises NotPossible when the id comes back with another request.
    """
    note = _note(actor, operation, once) if once else None
    return None if note is None else _process_of(note, request)


_BEFORE = """
SELECT EXISTS (SELECT 1 FROM processes_enginesettings WHERE paused_at IS NOT NULL),
  (SELECT id FROM processes_idempotency WHERE actor = %s AND operation = %s AND key = %s)
"""


def done_before_or_paused(actor: str, operation: str, once: str, request: object) -> tuple[Process | None, bool]:
    """The same, and whether the engine is paused, asked by one statement."""
    with prepared_cursor() as statement:
        statement.execute(_BEFORE, [actor, operation, _key(once)])
        is_paused, note = statement.fetchone()
    if not once or note is None:
        return None, bool(is_paused)
    return _process_of(Idempotency.objects.get(pk=note), request), bool(is_paused)


def answer_before(actor: str, operation: str, once: str) -> dict[str, Any] | None:
    """What `keep_answer` kept under this id; None when nothing was, or without an id."""
    note = _note(actor, operation, once) if once else None
    return None if note is None else dict(note.body or {})


def keep_answer(actor: str, operation: str, once: str, answer: dict[str, Any]) -> dict[str, Any]:
    """Keep an answer that is not a process for a repeat; the answer of whoever was first."""
    if not once:
        return answer
    given = {"request_hash": _hash(None), "status": 200, "body": answer}
    note, _ = Idempotency.objects.get_or_create(actor=actor, operation=operation, key=_key(once), defaults=given)
    return dict(note.body or {})


def is_used(actor: str, operation: str, once: str) -> bool:
    """Whether something was done under this id, whatever the request was."""
    return bool(once) and _note(actor, operation, once) is not None


def _hash(request: object) -> str:
    """The same for equal requests, whatever is in them."""
    return hashlib.sha256(json.dumps(request, default=str, sort_keys=True).encode()).hexdigest()


def _key(once: str) -> str:
    """The id as it is kept: any text, of any length."""
    if len(once) <= KEY_LIMIT and once.isascii() and once.isprintable():
        return once
    return hashlib.sha256(json.dumps(once).encode()).hexdigest()


def _note(actor: str, operation: str, once: str) -> Idempotency | None:
    return Idempotency.objects.filter(actor=actor, operation=operation, key=_key(once)).first()


def _process_of(note: Idempotency, request: object) -> Process:
    if note.request_hash != _hash(request):
        raise NotPossible("This idempotency key was already used for a different request.")
    stored: dict[str, str] = note.body or {}
    return Process.objects.get(pk=UUID(stored["process_id"]))
