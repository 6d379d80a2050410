"""A one-time id makes a verb safe to repeat: the first call acts, every later one gets its result."""

import hashlib
import json
from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction

from processes.actions.errors import NotPossible
from processes.models import Idempotency, Process

KEY_LIMIT = 255


def first_time(actor: str, operation: str, once: str, request: object, act: Callable[[], Process]) -> Process:
    """Run `act` in a transaction, once per actor, operation and id; a repeat returns the process of the first time.

    Without an id it always acts. Raises NotPossible when the id comes back with another request.
    """
    if not once:
        with transaction.atomic():
            return act()
    wanted = _hash(request)
    known = _known(actor, operation, once, wanted)
    if known is not None:
        return known
    try:
        with transaction.atomic():
            note = Idempotency(actor=actor, operation=operation, key=_key(once), request_hash=wanted, status=201)
            note.save(force_insert=True)
            process = act()
            note.body = {"process_id": str(process.pk)}
            note.save(update_fields=["body"])
            return process
    except IntegrityError:
        known = _known(actor, operation, once, wanted)
        if known is None:
            raise
        return known


def done_before(actor: str, operation: str, once: str, request: object) -> Process | None:
    """What the first call under this id made; None when this is the first. Ask before anything that may be refused.

    Raises NotPossible when the id comes back with another request.
    """
    return _known(actor, operation, once, _hash(request)) if once else None


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


def _known(actor: str, operation: str, once: str, wanted: str) -> Process | None:
    note = _note(actor, operation, once)
    if note is None:
        return None
    if note.request_hash != wanted:
        raise NotPossible("This idempotency key was used before, for another request.")
    stored: dict[str, str] = note.body or {}
    return Process.objects.get(pk=UUID(stored["process_id"]))
