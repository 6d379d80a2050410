"""Let steps call an outside system, so many at once, and not while it rests. The claim passes by those that wait.

A slot is busy while its process is still at the very try for which it was taken; nothing has to free it. See
docs/adr/0010-outside-systems.md.
"""

import logging
from dataclasses import dataclass
from typing import Any

from django.db import InterfaceError, OperationalError, connection, transaction

from processes.engine.errors import StepError
from processes.engine.outcome import Failed, Outcome, Sign, RetryLater, sign_of
from processes.models import OutsideSystem, SystemSlot
from processes.store import BUSY, Claim, is_postgresql, prepared_cursor, wakeups
from processes.store.clock import EngineNow

logger = logging.getLogger(__name__)

TRIES = 50
GROWTH = 8
REASON_LIMIT = 2000


@dataclass(frozen=True)
class Call:
    """A call that may begin. `failures` had happened in a row before; `others_wait` for the same system."""

    system: str
    failures: int
    is_probe: bool
    others_wait: bool


@dataclass(frozen=True)
class _Found:
    """What one look at a system has found, and whether it took a slot."""

    system_id: int
    at_once: int | None
    failures: int
    is_closed: bool
    is_tried: bool
    slots: int
    busy: int
    free: int | None
    others_wait: bool
    is_taken: bool

    @property
    def may_grow(self) -> bool:
        """Whether all slots are busy, and the system bears more calls than there are slots yet."""
        return self.busy == self.slots and (self.at_once is None or self.slots < self.at_once)


_LOOK = f"""
WITH outside AS (
  SELECT id, name, at_once, failures, stopped_at IS NULL AND open_until IS NULL AS is_closed,
    stopped_at IS NULL AND open_until IS NOT NULL AND open_until <= engine_now(0) AS is_tried
  FROM processes_outsidesystem WHERE name = %s
), slots AS (
  SELECT slot.id, slot.number, slot.taken, slot.is_probe, holder.id IS NOT NULL AS is_busy
  FROM processes_systemslot slot JOIN outside ON outside.id = slot.system_id
  LEFT JOIN processes_process holder ON {BUSY}
), free AS MATERIALIZED (
  SELECT slots.id, slots.taken FROM slots CROSS JOIN outside
  WHERE NOT slots.is_busy AND (outside.at_once IS NULL
      OR slots.number <= outside.at_once AND (SELECT COUNT(*) FROM slots WHERE is_busy) < outside.at_once)
    AND (outside.is_closed
      OR %s AND outside.is_tried AND NOT EXISTS (SELECT 1 FROM slots WHERE is_busy AND is_probe))
  ORDER BY random() LIMIT 1
)"""  # noqa: S608 - put together from texts of ours; values go in by parameter

_TAKE = """
UPDATE processes_systemslot SET taken = processes_systemslot.taken + 1, process_id = %s, fence = %s, path = %s,
  visit = %s, attempt = %s, is_probe = %s
"""

_ANSWER = """
SELECT outside.id, outside.at_once, outside.failures, outside.is_closed, outside.is_tried,
  (SELECT COUNT(*) FROM slots), (SELECT COUNT(*) FROM slots WHERE is_busy), (SELECT id FROM free),
  EXISTS (SELECT 1 FROM processes_process WHERE run_state = 'ready' AND blocked_by_system = outside.name)
"""

# Whoever saw a slot free takes it only as he saw it: its number of takings tells, whatever was committed meanwhile.
_TAKE_IN_ONE = f"""{_LOOK}, took AS ({_TAKE}
  FROM free WHERE processes_systemslot.id = free.id AND processes_systemslot.taken = free.taken
  RETURNING processes_systemslot.id)
{_ANSWER}, EXISTS (SELECT 1 FROM took) FROM outside
"""  # noqa: S608
_LOOK_FIRST = f"{_LOOK} {_ANSWER}, FALSE FROM outside"
_TAKE_NEXT = f"{_TAKE} WHERE id = %s"


def take(claim: Claim, system: str) -> Call | None:
    """Room for the call that the claimed step is about to make, or None when there is none now.

    One statement, but for the first calls of a system and for those that try whether it is well again.
    """
    found = _take(claim, system, probing=False)
    if found is not None and found.is_tried and not found.is_taken:
        with transaction.atomic():
            OutsideSystem.objects.select_for_update().get(pk=found.system_id)
            found = _take(claim, system, probing=True)
        return _call(found, system, is_probe=True)
    return _call(found, system, is_probe=False)


def _call(found: _Found | None, system: str, *, is_probe: bool) -> Call | None:
    if found is None or not found.is_taken:
        return None
    return Call(system, found.failures, is_probe, found.others_wait)


def _take(claim: Claim, system: str, *, probing: bool) -> _Found | None:
    """Look until it is clear: somebody else may take the same slot, and slots are made as they are needed."""
    found = None
    for _ in range(TRIES):
        found = _look_and_take(claim, system, probing=probing)
        if found is None:
            OutsideSystem.objects.ensure([system])
        elif found.is_taken or not (found.is_closed or (probing and found.is_tried)):
            return found
        elif found.may_grow:
            _grow(found)
        elif found.free is None:
            return found
    return found


def _look_and_take(claim: Claim, system: str, *, probing: bool) -> _Found | None:
    taker = _taker(claim, probing=probing)
    look: list[Any] = [system, probing]
    if is_postgresql():
        with prepared_cursor() as statement:
            statement.execute(_TAKE_IN_ONE, look + taker)
            return _found(statement.fetchone())
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_LOOK_FIRST, look)
        found = cursor.fetchone()
        if found is not None and found[7] is not None:
            cursor.execute(_TAKE_NEXT, [*taker, found[7]])
            found = (*found[:-1], True)
        return _found(found)


def _found(row: tuple[Any, ...] | None) -> _Found | None:
    if row is None:
        return None
    system_id, at_once, failures, is_closed, is_tried, slots, busy, free, others_wait, is_taken = row
    state = bool(is_closed), bool(is_tried), slots, busy, free, bool(others_wait), bool(is_taken)
    return _Found(system_id, at_once, failures, *state)


def _taker(claim: Claim, *, probing: bool) -> list[Any]:
    process_id = SystemSlot._meta.get_field("process_id").get_db_prep_value(claim.process_id, connection)
    return [process_id, claim.fence, claim.position.path, claim.position.visit, claim.attempt, probing]


def _grow(found: _Found) -> None:
    """Some slots more, up to what the system bears; others may do the same."""
    last = found.slots + GROWTH if found.at_once is None else min(found.at_once, found.slots + GROWTH)
    numbers = range(found.slots + 1, last + 1)
    slots = [SystemSlot(system_id=found.system_id, number=number) for number in numbers]
    SystemSlot.objects.bulk_create(slots, ignore_conflicts=True)


def tell(call: Call, outcome: Outcome) -> None:
    """Count what the call has come to, while its slot is still taken; nothing is written for one more success.

    Never raises: that a database is lost here is no reason to lose what the step returned.
    """
    try:
        _tell(call, outcome)
    except (OperationalError, InterfaceError):
        logger.warning("The outcome of a call to %s could not be recorded", call.system, exc_info=True)


def _tell(call: Call, outcome: Outcome) -> None:
    match sign_of(outcome):
        case Sign.TROUBLE:
            assert isinstance(outcome, RetryLater | Failed)
            count_failure(call.system, outcome.error)
        case Sign.ALIVE if call.failures or call.is_probe:
            _count_answer(call)
        case _:
            return


_COUNT_FAILURE = """
UPDATE processes_outsidesystem SET failures = failures + 1, last_failure = %s, last_failed_at = engine_now(0),
  opened_at = CASE WHEN failures + 1 >= trips_after AND open_until IS NULL THEN engine_now(0) ELSE opened_at END,
  open_until = CASE WHEN failures + 1 >= trips_after AND (open_until IS NULL OR open_until <= engine_now(0))
    THEN engine_now(rests_seconds) ELSE open_until END
WHERE name = %s RETURNING failures, failures >= trips_after, rests_seconds
"""


def count_failure(system: str, error: StepError) -> None:
    """One more failure in a row; at the last one that is borne the system rests, and so it does when a try fails."""
    with connection.cursor() as cursor:
        cursor.execute(_COUNT_FAILURE, [f"{error.class_name}: {error.message}"[:REASON_LIMIT], system])
        row = cursor.fetchone()
    if row is not None and row[1]:
        logger.warning("Calls to %s are paused for %g seconds (%s consecutive failures)", system, row[2], row[0])


def _count_answer(call: Call) -> None:
    """It has answered: the failures before are forgotten, and when it was only tried, it is called again by all."""
    well = OutsideSystem.objects.filter(name=call.system)
    if not call.is_probe:
        well.filter(open_until__isnull=True).update(failures=0)
    elif well.filter(open_until__lte=EngineNow()).update(failures=0, open_until=None, opened_at=None):
        logger.info("Calls to %s succeed again", call.system)
        wakeups.wake()


def freed(call: Call) -> None:
    """Its process has gone on: wake whoever waits for the slot. Without it they come by within a second."""
    if call.others_wait:
        wakeups.wake()
