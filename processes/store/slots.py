"""The slots of an external system: look at it and take one, in one statement on PostgreSQL.

A slot is busy while its process is still at the very try for which it was taken; nothing has to free it. See
docs/adr/0010-outside-systems.md.
"""

from dataclasses import dataclass
from typing import Any

from django.db import connection, transaction

from processes.engine.store import Claim
from processes.engine.values.errors import StepError
from processes.models import ExternalSystem, SystemSlot
from processes.models.external_systems import LONGEST_COOL_DOWN_SECONDS
from processes.store.dialect import db_key, is_postgresql, prepared_cursor
from processes.store.sql import both, postgresql, sqlite

GROWTH = 8
REASON_LIMIT = 2000


@dataclass(frozen=True)
class SystemView:
    """What one look at a system has found, and whether it took a slot. `is_half_open`: one trial may call it."""

    system_id: int
    max_concurrent: int | None
    failures: int
    is_closed: bool
    is_half_open: bool
    slots: int
    busy: int
    free: int | None
    others_wait: bool
    is_taken: bool

    @property
    def may_grow(self) -> bool:
        """Whether all slots are busy, and the concurrency limit allows more than there are yet."""
        return self.busy == self.slots and (self.max_concurrent is None or self.slots < self.max_concurrent)


@dataclass(frozen=True)
class Failures:
    """What one more failure has come to: how many in a row, and for how long the circuit breaker is open since."""

    in_a_row: int
    is_open: bool
    seconds: float


def look_and_take(claim: Claim, system: str, *, is_trial: bool) -> SystemView | None:
    """Look at a system, and take a slot for the claimed step if one is free; None for a system that has no row.

    While the circuit breaker is half-open only a trial is admitted.
    """
    taking: dict[str, Any] = {
        "system": system,
        "is_trial": is_trial,
        "process_id": db_key(claim.process_id),
        "fence": claim.fence,
        "path": claim.position.path,
        "visit": claim.position.visit,
        "attempt": claim.attempt,
    }
    if is_postgresql():
        with prepared_cursor() as statement:
            statement.execute(postgresql.TAKE_SLOT, taking)
            return _view(statement.fetchone())
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sqlite.LOOK_AT_SLOTS, taking)
        row = cursor.fetchone()
        if row is None:
            return None
        slot_id = row[7]
        if slot_id is not None:
            cursor.execute(sqlite.TAKE_SLOT, {**taking, "slot_id": slot_id})
        return _view((*row, slot_id is not None))


def _view(row: tuple[Any, ...] | None) -> SystemView | None:
    if row is None:
        return None
    system_id, max_concurrent, failures, is_closed, is_half_open, slots, busy, free, others_wait, is_taken = row
    flags = bool(others_wait), bool(is_taken)
    return SystemView(
        system_id, max_concurrent, failures, bool(is_closed), bool(is_half_open), slots, busy, free, *flags
    )


def grow(view: SystemView) -> None:
    """Some slots more, up to the concurrency limit; others may do the same."""
    last = view.slots + GROWTH if view.max_concurrent is None else min(view.max_concurrent, view.slots + GROWTH)
    numbers = range(view.slots + 1, last + 1)
    slots = [SystemSlot(system_id=view.system_id, number=number) for number in numbers]
    SystemSlot.objects.bulk_create(slots, ignore_conflicts=True)


def lock(view: SystemView) -> None:
    """Let nobody else try the system until the transaction ends."""
    ExternalSystem.objects.select_for_update().get(pk=view.system_id)


def count_failure(system: str, error: StepError) -> Failures | None:
    """One more failure in a row; at the failure threshold, or when a trial fails, the circuit breaker opens."""
    reason = f"{error.class_name}: {error.message}"[:REASON_LIMIT]
    with connection.cursor() as cursor:
        counted: dict[str, Any] = {"reason": reason, "system": system, "longest": LONGEST_COOL_DOWN_SECONDS}
        cursor.execute(both.COUNT_FAILURE, counted)
        row = cursor.fetchone()
    if row is None:
        return None
    seconds = row[2] if 0 <= row[2] <= LONGEST_COOL_DOWN_SECONDS else LONGEST_COOL_DOWN_SECONDS
    return Failures(row[0], bool(row[1]), seconds)
