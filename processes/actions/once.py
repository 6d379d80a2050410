"""A one-time id makes a verb safe to repeat: the first call acts, every later one gets its result."""

import hashlib
from collections.abc import Callable
from uuid import UUID

import orjson
from django.db import IntegrityError, transaction

from processes.actions.errors import NotPossible
from processes.models import Idempotency, Process


def first_time(actor: str, operation: str, once: str, request: object, act: Callable[[], Process]) -> Process:
    """Run `act` in a transaction, once per actor, operation and id; a repeat returns the process of the first time.

    Without an id it always acts. Raises NotPossible when the id comes back with another request.
    """
    if not once:
        with transaction.atomic():
            return act()
    wanted = hashlib.sha256(orjson.dumps(request, default=str, option=orjson.OPT_SORT_KEYS)).hexdigest()
    known = _known(actor, operation, once, wanted)
    if known is not None:
        return known
    try:
        with transaction.atomic():
            note = Idempotency(actor=actor, operation=operation, key=once, request_hash=wanted, status=201)
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


def _known(actor: str, operation: str, once: str, wanted: str) -> Process | None:
    note = Idempotency.objects.filter(actor=actor, operation=operation, key=once).first()
    if note is None:
        return None
    if note.request_hash != wanted:
        raise NotPossible("This idempotency key was used before, for another request.")
    stored: dict[str, str] = note.body or {}
    return Process.objects.get(pk=UUID(stored["process_id"]))
