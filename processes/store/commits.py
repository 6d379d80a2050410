"""Write a transition: the one place, besides a claim, where a process is moved. Guarded by the fence.

PostgreSQL does it in one statement; SQLite in one immediate transaction.
"""

from typing import Any
from uuid import UUID

import orjson
from django.db import connection, transaction

from processes.engine.store import Claim, Committed, Fenced
from processes.engine.transitions import KEEP, Fence, Lease, Record, Standing, Transition
from processes.engine.values.errors import StepError
from processes.engine.values.status import RunState, StepStatus
from processes.models import Process
from processes.store.claims import LEASE_SECONDS
from processes.store.dialect import db_key, is_postgresql, moment_of, prepared_cursor, text_of
from processes.store.sql import both, postgresql, sqlite

LONGEST_WAIT_SECONDS = 100 * 365 * 86_400.0
"""A process whose step asks for more becomes ready in a hundred years: a moment that every database and page has."""


def commit(claim: Claim, transition: Transition, record: Record | None = None) -> Committed:
    """Make a step true on behalf of the worker that claimed it. Raises Fenced, having written nothing."""
    return apply(claim.process_id, claim.fence, claim.standing, transition, record)


def move(process: Process, transition: Transition, record: Record | None = None) -> Committed:
    """Move a process whose row the present transaction has locked. Raises Fenced."""
    return apply(process.pk, process.fence, process.standing, transition, record)


def apply(
    process_id: UUID, fence: int, at: Standing, transition: Transition, record: Record | None = None
) -> Committed:
    """Write a transition of a process that stands at `at` under this fence, and a row of its history.

    Raises Fenced, having written nothing, when it does not any more. Call it first in a transaction when there is more
    to write: it locks the process row.
    """
    values = _values(process_id, fence, at, transition)
    if record is not None:
        values |= _row_values(record)
    if is_postgresql():
        return _apply_in_one(process_id, values, has_record=record is not None)
    with transaction.atomic():
        return _apply_in_turn(process_id, values, record)


def _apply_in_one(process_id: UUID, values: dict[str, Any], *, has_record: bool) -> Committed:
    with prepared_cursor() as statement:
        statement.execute(postgresql.APPLY_AND_RECORD if has_record else postgresql.APPLY, values)
        answer = statement.fetchone()
    if answer is None:
        raise Fenced(process_id)
    return Committed(answer[0], answer[1], bool(answer[2]))


def _apply_in_turn(process_id: UUID, values: dict[str, Any], record: Record | None) -> Committed:
    with connection.cursor() as cursor:
        cursor.execute(sqlite.APPLY, values)
        moved = cursor.fetchone()
        if moved is None:
            raise Fenced(process_id)
        _, sequence, at = moved
        if record is not None:
            over = {
                "row_moved_at": at,
                "row_sequence": sequence if record.is_numbered else None,
                "row_completed_at": at if _is_over(record) else None,
            }
            cursor.execute(sqlite.RECORD, values | over)
        cursor.execute(both.PAUSED)
        paused = cursor.fetchone()
    return Committed(sequence, moment_of(at), bool(paused and paused[0]))


def _values(process_id: UUID, fence: int, at: Standing, transition: Transition) -> dict[str, Any]:
    keeps_error = transition.error is KEEP
    error = transition.error if isinstance(transition.error, StepError) else None
    to = transition.position
    return {
        "process_id": db_key(process_id),
        "at_fence": fence,
        "at_run_state": at.run_state,
        "at_path": at.position.path,
        "at_visit": at.position.visit,
        "run_state": transition.run_state,
        "status": transition.status,
        "path": to.path,
        "visit": to.visit,
        "frames": orjson.dumps(to.frames).decode() if to.frames else "{}",
        "attempt": transition.attempt,
        "retry_base": transition.retry_base,
        "crash_count": transition.crash_count,
        "sequence": transition.sequence,
        "assignee": transition.assignee,
        "last_step": None if transition.last_step is KEEP else transition.last_step,
        "version_id": None if transition.version_id is KEEP else transition.version_id,
        "keeps_error": keeps_error,
        "failed_reason": error.message if error else None,
        "error_class": error.class_name if error else None,
        "traceback": (error.traceback or None) if error else None,
        "is_rescheduled": transition.ready_in is not KEEP,
        "ready_in": 0.0 if transition.ready_in is KEEP else min(float(transition.ready_in), LONGEST_WAIT_SECONDS),
        "is_held_back": transition.held_back_seconds > 0,
        "held_back_seconds": float(transition.held_back_seconds),
        "blocked_by_system": transition.blocked_by_system,
        "holds_lease": transition.lease is Lease.HELD,
        "lease_seconds": LEASE_SECONDS,
        "raises_fence": transition.fence is Fence.RAISED,
        "ends": transition.run_state is RunState.ENDED,
    }


def _row_values(record: Record) -> dict[str, Any]:
    started = record.started_at
    if started is not None and not is_postgresql():
        return _row_texts(record) | {"row_started_at": text_of(started)}
    return _row_texts(record) | {"row_started_at": started}


def _row_texts(record: Record) -> dict[str, Any]:
    return {
        "row_path": record.path,
        "row_visit": record.visit,
        "row_attempt": record.attempt,
        "row_name": record.name,
        "row_kind": record.kind,
        "row_status": record.status,
        "row_patch": record.patch.decode() if record.patch is not None else None,
        "row_error": orjson.dumps(record.error.as_json()).decode() if record.error else None,
        "row_reason": record.reason,
        "row_by": record.by,
        "row_worker": record.worker,
        "row_is_numbered": record.is_numbered,
        "row_is_over": _is_over(record),
    }


def _is_over(record: Record) -> bool:
    """Whether nothing more will come of the row; a question is open until somebody answers."""
    return record.status is not StepStatus.SUSPEND
