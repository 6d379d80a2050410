"""The few raw statements: claim a process, commit what became of a step, let go. Each is guarded by the fence.

PostgreSQL does each in one statement; SQLite in one immediate transaction. Everything else is the ORM's.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson
from django.db import connection, transaction

from processes.engine.errors import StepError
from processes.engine.status import ProcessStatus, RunState, StepKind, StepStatus
from processes.store.claims import LEASE_SECONDS, Claim, Fenced
from processes.store.dialect import db_key, is_postgresql, moment_of, prepared_cursor, text_of


@dataclass(frozen=True)
class StepRow:
    """What is written of a try: `patch` is a JSON object."""

    name: str
    kind: StepKind
    status: StepStatus
    patch: bytes | None = None
    error: StepError | None = None


@dataclass(frozen=True)
class Change:
    """What a commit makes of the process. `path` is where it stands next; `delay` seconds until it is ready again."""

    row: StepRow | None
    run_state: RunState
    status: ProcessStatus
    path: str
    advances: bool
    attempt: int
    assignee: str = "SYSTEM"
    delay: float | None = None
    error: StepError | None = None


@dataclass(frozen=True)
class Committed:
    """The answer to a commit: the number of the step, the moment, and whether the engine is paused."""

    sequence: int
    at: datetime
    paused: bool


_MOVE = """
UPDATE processes_process SET run_state = %s, status = %s, position_path = %s,
  position_attempt = %s, retry_base = CASE WHEN %s THEN 0 ELSE retry_base END,
  crash_count = CASE WHEN %s THEN 0 ELSE crash_count END, sequence = sequence + %s,
  last_step = COALESCE(%s, last_step), assignee = %s, owner = CASE WHEN %s THEN owner ELSE '' END,
  lease_until = CASE WHEN %s THEN engine_now(%s) ELSE NULL END,
  ready_at = CASE WHEN %s THEN engine_now(%s) ELSE ready_at END,
  ended_at = CASE WHEN %s THEN engine_now(0) ELSE NULL END,
  attempt_started_at = engine_now(0), last_modified_at = engine_now(0), progress = NULL,
  deadline_at = NULL, failed_reason = %s, error_class = %s, traceback = %s
WHERE id = %s AND fence = %s AND run_state = 'running' AND position_path = %s AND position_visit = %s
RETURNING id, sequence, last_modified_at
"""

_ROW_COLUMNS = """
INSERT INTO processes_step (process_id, path, visit, attempt, name, kind, status, patch, error, created_by, worker,
  fence, started_at, sequence, completed_at)
"""
_ROW_VALUES = ", ".join(["%s"] * 12)

_PAUSED = "(SELECT paused_at IS NOT NULL FROM processes_enginesettings WHERE id = 1)"

# Put together from the texts above; values go in by parameter.
_MOVE_IN_ONE = f"WITH moved AS ({_MOVE}) SELECT sequence, last_modified_at, {_PAUSED} FROM moved"  # noqa: S608
_COMMIT_IN_ONE = f"""
WITH moved AS ({_MOVE}), written AS ({_ROW_COLUMNS} SELECT moved.id, {_ROW_VALUES},
  CASE WHEN %s THEN moved.sequence END, CASE WHEN %s THEN moved.last_modified_at END FROM moved)
SELECT sequence, last_modified_at, {_PAUSED} FROM moved
"""  # noqa: S608
_ROW_IN_TURN = f"{_ROW_COLUMNS} VALUES (%s, {_ROW_VALUES}, %s, %s)"


def commit(claim: Claim, change: Change) -> Committed:
    """Make a step true. Raises Fenced, having written nothing.

    Call it first in a transaction when there is more to write: it locks the process row.
    """
    if is_postgresql():
        return _commit_in_one(claim, change)
    with transaction.atomic():
        return _commit_in_turn(claim, change)


def _commit_in_one(claim: Claim, change: Change) -> Committed:
    values = _move_values(claim, change)
    if change.row is not None:
        values += [*_row_values(claim, change.row), change.advances, change.row.status is not StepStatus.SUSPEND]
    with prepared_cursor() as statement:
        statement.execute(_MOVE_IN_ONE if change.row is None else _COMMIT_IN_ONE, values)
        answer = statement.fetchone()
    if answer is None:
        raise Fenced(claim.process_id)
    return Committed(answer[0], answer[1], bool(answer[2]))


def _commit_in_turn(claim: Claim, change: Change) -> Committed:
    with connection.cursor() as cursor:
        cursor.execute(_MOVE, _move_values(claim, change))
        moved = cursor.fetchone()
        if moved is None:
            raise Fenced(claim.process_id)
        process_id, sequence, at = moved
        if change.row is not None:
            numbered = sequence if change.advances else None
            completed = None if change.row.status is StepStatus.SUSPEND else at
            cursor.execute(_ROW_IN_TURN, [process_id, *_row_values(claim, change.row), numbered, completed])
        cursor.execute(f"SELECT {_PAUSED}")
        paused = cursor.fetchone()[0]
    return Committed(sequence, moment_of(at), bool(paused))


def _move_values(claim: Claim, change: Change) -> list[Any]:
    stays = change.run_state is RunState.RUNNING
    error = change.error
    return [
        change.run_state, change.status, change.path,
        change.attempt, change.advances,
        change.advances, int(change.advances),
        change.row.name if change.row else None, change.assignee, stays,
        stays, LEASE_SECONDS,
        change.delay is not None, change.delay or 0.0,
        change.run_state is RunState.ENDED,
        error.message if error else None, error.class_name if error else None, error.traceback if error else None,
        db_key(claim.process_id), claim.fence, claim.path, claim.visit,
    ]  # fmt: skip


def _row_values(claim: Claim, row: StepRow) -> list[Any]:
    error = orjson.dumps(row.error.as_json()).decode() if row.error else None
    started = claim.attempt_started_at if is_postgresql() else text_of(claim.attempt_started_at)
    return [
        claim.path, claim.visit, claim.attempt,
        row.name, row.kind, row.status, row.patch.decode() if row.patch is not None else None, error, "SYSTEM",
        claim.owner, claim.fence, started,
    ]  # fmt: skip
