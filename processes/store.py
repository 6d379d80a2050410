"""The few raw statements: claim a process, commit what became of a step, let go. Each is guarded by the fence.

PostgreSQL does each in one statement; SQLite in one immediate transaction. Everything else is the ORM's.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import orjson
import psycopg
from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper

from processes import crashpoints as at
from processes.engine.errors import StepError
from processes.engine.state import StateBytes
from processes.engine.status import ProcessStatus, RunState, StepKind, StepStatus
from processes.models import Process, StateSnapshot

LEASE_SECONDS = 15.0
"""How long a process is its worker's without a sign of life."""


class Fenced(Exception):
    """The process is no longer this worker's: it was rescued, aborted or taken over. Nothing was written."""


@dataclass(frozen=True)
class Claim:
    """A process in the hands of a worker, standing at a step whose try number `attempt` is recorded."""

    process_id: UUID
    fence: int
    owner: str
    workflow_name: str
    workflow_version_id: int
    path: str
    visit: int
    attempt: int
    retry_base: int
    crash_count: int
    sequence: int
    is_task: bool
    created_by: str
    lock_keys: tuple[str, ...]
    attempt_started_at: datetime

    @property
    def tries_before(self) -> int:
        """Tries of the present retry budget that failed by themselves, not by a crash."""
        return tries_before(self.attempt, self.retry_base, self.crash_count)


def tries_before(attempt: int, retry_base: int, crash_count: int) -> int:
    """How many tries of the present retry budget failed by themselves before the try `attempt`."""
    return max(0, attempt - 1 - retry_base - crash_count)


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


BUSY = """
slot.process_id = holder.id AND slot.fence = holder.fence AND holder.run_state = 'running'
  AND slot.path = holder.position_path AND slot.visit = holder.position_visit
  AND slot.attempt = holder.position_attempt
"""
"""When the call that took the `slot` of an outside system still runs: its `holder` is where it was then."""

_CALLS = f"""
SELECT 1 FROM processes_systemslot slot JOIN processes_process holder ON {BUSY} WHERE slot.system_id = outside.id
"""  # noqa: S608 - texts of ours, as all of these
_ADMITTED = f"""
(waits_for = '' OR waits_for NOT IN (
  SELECT outside.name FROM processes_outsidesystem outside
  WHERE outside.stopped_at IS NOT NULL OR outside.open_until > engine_now(0)
    OR (SELECT COUNT(*) FROM ({_CALLS}) calls) >= outside.at_once
    OR (outside.open_until IS NOT NULL AND EXISTS ({_CALLS} AND slot.is_probe))))
"""  # noqa: S608

_CLAIM = f"""
UPDATE processes_process SET run_state = 'running', status = 'running', owner = %s, fence = fence + 1,
  position_attempt = position_attempt + 1, attempt_started_at = engine_now(0), progress = NULL,
  lease_until = engine_now(%s), last_modified_at = engine_now(0), deadline_at = NULL, waits_for = ''
WHERE id = (
  SELECT id FROM processes_process
  WHERE run_state = 'ready' AND {_ADMITTED} AND ready_at <= (SELECT engine_now(0))
    AND NOT EXISTS (SELECT 1 FROM processes_enginesettings WHERE paused_at IS NOT NULL)
  ORDER BY priority DESC, ready_at LIMIT 1 {{lock}})
RETURNING id, fence, owner, workflow_name, workflow_version_id, position_path, position_visit, position_attempt,
  retry_base, crash_count, sequence, is_task, created_by, lock_keys, attempt_started_at
"""  # noqa: S608

_READY = f"""
SELECT EXISTS (
  SELECT 1 FROM processes_process WHERE run_state = 'ready' AND ready_at <= (SELECT engine_now(0))
  AND {_ADMITTED} AND NOT EXISTS (SELECT 1 FROM processes_enginesettings WHERE paused_at IS NOT NULL))
"""  # noqa: S608

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


def is_postgresql() -> bool:
    return connection.vendor == "postgresql"


@contextmanager
def prepared_cursor() -> Iterator[CursorWrapper]:
    """For the statements of every step. Fetch all of one answer before the next.

    PostgreSQL keeps their plans, which cost it more to make than to run; and each connection keeps one cursor for
    them, which has found out how to write our types.
    """
    if not is_postgresql() or connection.queries_logged:
        with connection.cursor() as plain:
            yield plain
        return
    connection.close_if_health_check_failed()
    connection.ensure_connection()
    raw: Any = connection.connection
    if not hasattr(raw, "kept_cursor"):
        raw.prepare_threshold = 2
        bound: Any = psycopg.Cursor(raw)
        raw.kept_cursor = connection.make_cursor(bound)
    yield raw.kept_cursor


def claim(owner: str) -> Claim | None:
    """Take the next ready process, most urgent and longest waiting first, and record the try that is about to run.

    Writes nothing when there is none; SQLite is asked first, since there even a vain UPDATE waits for other writers.
    """
    if not is_postgresql() and not _has_ready():
        return None
    lock = "FOR UPDATE SKIP LOCKED" if is_postgresql() else ""
    with prepared_cursor() as statement:
        statement.execute(_CLAIM.format(lock=lock), [owner, LEASE_SECONDS])
        row = statement.fetchone()
    at.reach("claimed")
    return _claim(row) if row else None


def _has_ready() -> bool:
    with connection.cursor() as cursor:
        cursor.execute(_READY)
        return bool(cursor.fetchone()[0])


def _claim(row: tuple[Any, ...]) -> Claim:
    process_id, *plain, is_task, created_by, lock_keys, started = row
    keys = tuple(orjson.loads(lock_keys))
    fields = [_uuid(process_id), *plain, bool(is_task), created_by, keys, _moment(started)]
    return Claim(*fields)


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
    return Committed(sequence, _moment(at), bool(paused))


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
        _id(claim.process_id), claim.fence, claim.path, claim.visit,
    ]  # fmt: skip


def _row_values(claim: Claim, row: StepRow) -> list[Any]:
    error = orjson.dumps(row.error.as_json()).decode() if row.error else None
    started = claim.attempt_started_at if is_postgresql() else _text(claim.attempt_started_at)
    return [
        claim.path, claim.visit, claim.attempt,
        row.name, row.kind, row.status, row.patch.decode() if row.patch is not None else None, error, "SYSTEM",
        claim.owner, claim.fence, started,
    ]  # fmt: skip


_WHAT_BECAME = f"""
SELECT fence, run_state, position_path, position_visit, position_attempt, sequence, attempt_started_at, {_PAUSED}
FROM processes_process WHERE id = %s
"""  # noqa: S608


def what_became(claim: Claim) -> Committed | None:
    """What a commit has made whose answer was lost; None when it has made nothing, and may be repeated.

    Raises Fenced when the process has gone on without us, whether with our commit or without it.
    """
    with connection.cursor() as cursor:
        cursor.execute(_WHAT_BECAME, [_id(claim.process_id)])
        row = cursor.fetchone()
    if row is None or row[0] != claim.fence:
        raise Fenced(claim.process_id)
    _, *stands, sequence, at, paused = row
    if stands == [RunState.RUNNING, claim.path, claim.visit, claim.attempt] and sequence == claim.sequence:
        return None
    return Committed(sequence, _moment(at), bool(paused))


_LET_GO = """
UPDATE processes_process SET run_state = 'ready', owner = '', lease_until = NULL,
  position_attempt = position_attempt - 1, last_modified_at = engine_now(0)
WHERE id = %s AND fence = %s AND run_state = 'running'
"""


_WAIT_FOR_SYSTEM = _LET_GO.replace(
    "SET run_state = 'ready'", "SET run_state = 'ready', status = 'waiting', waits_for = %s"
)


def let_go(claim: Claim) -> None:
    """Hand a process back before its step was begun; it keeps its place in line."""
    with connection.cursor() as cursor:
        cursor.execute(_LET_GO, [_id(claim.process_id), claim.fence])
    at.reach("handed-back")


def wait_for_system(claim: Claim, system: str) -> None:
    """Hand a process back until an outside system takes calls; it keeps its tries and its place in line."""
    with connection.cursor() as cursor:
        cursor.execute(_WAIT_FOR_SYSTEM, [system, _id(claim.process_id), claim.fence])
    at.reach("handed-back")


def adopt_version(claim: Claim, version_id: int) -> None:
    """Go on under another version of the workflow. Raises Fenced."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE processes_process SET workflow_version_id = %s"
            " WHERE id = %s AND fence = %s AND run_state = 'running'",
            [version_id, _id(claim.process_id), claim.fence],
        )
        if cursor.rowcount != 1:
            raise Fenced(claim.process_id)


def set_deadline(claim: Claim, seconds: float) -> None:
    """Say by when the step that begins now must be done. Raises Fenced."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE processes_process SET deadline_at = engine_now(%s)"
            " WHERE id = %s AND fence = %s AND run_state = 'running'",
            [seconds, _id(claim.process_id), claim.fence],
        )
        if cursor.rowcount != 1:
            raise Fenced(claim.process_id)


def beat(claim: Claim) -> bool:
    """Extend the lease of a step that takes long. False: the process is no longer ours."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE processes_process SET lease_until = engine_now(%s)"
            " WHERE id = %s AND fence = %s AND run_state = 'running'",
            [LEASE_SECONDS, _id(claim.process_id), claim.fence],
        )
        return bool(cursor.rowcount == 1)


def show_progress(claim: Claim, value: object) -> None:
    """Store what a running step tells of itself."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE processes_process SET progress = %s WHERE id = %s AND fence = %s AND run_state = 'running'",
            [orjson.dumps(value, default=str).decode(), _id(claim.process_id), claim.fence],
        )


_STATE = """
SELECT -1, CAST(state AS text) FROM processes_statesnapshot WHERE process_id = %s
UNION ALL
SELECT sequence, CAST(patch AS text) FROM processes_step WHERE process_id = %s AND patch IS NOT NULL
  AND sequence > (SELECT sequence FROM processes_statesnapshot WHERE process_id = %s)
ORDER BY 1
"""

_SNAPSHOT = """
INSERT INTO processes_statesnapshot (process_id, sequence, state) VALUES (%s, %s, %s)
ON CONFLICT (process_id) DO UPDATE SET sequence = excluded.sequence, state = excluded.state
"""


@dataclass(frozen=True)
class Loaded:
    """A state as it is stored; `patched` counts the bytes of the patches since its snapshot."""

    state: StateBytes
    patched: int


def load(process_id: UUID) -> Loaded:
    """The state after the last committed step: the snapshot, and the patches since.

    Raises StateSnapshot.DoesNotExist when there is no such process.
    """
    with prepared_cursor() as statement:
        statement.execute(_STATE, [_id(process_id)] * 3)
        texts = [text for _, text in statement.fetchall()]
    if not texts:
        raise StateSnapshot.DoesNotExist(process_id)
    values: dict[str, bytes] = {}
    for text in texts:
        # Not by the ORM: PostgreSQL writes 1e22 as a whole number, which orjson reads as the float that it was.
        values.update({key: orjson.dumps(value) for key, value in orjson.loads(text).items()})
    return Loaded(StateBytes(values), sum(map(len, texts[1:])))


def load_state(process_id: UUID) -> StateBytes:
    """The state after the last committed step. Raises StateSnapshot.DoesNotExist."""
    return load(process_id).state


def save_snapshot(process_id: UUID, sequence: int, state: StateBytes) -> None:
    """Replace the snapshot, in the transaction of the commit that made `sequence`."""
    with connection.cursor() as cursor:
        cursor.execute(_SNAPSHOT, [_id(process_id), sequence, state.to_json().decode()])


def next_moment() -> float | None:
    """Seconds until the next process becomes ready by its own; None when none does."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT MIN(due), engine_now(0) FROM ("
            " SELECT ready_at AS due FROM processes_process"
            " WHERE run_state = 'ready' AND ready_at > (SELECT engine_now(0))"
            " UNION ALL SELECT open_until FROM processes_outsidesystem outside WHERE open_until > engine_now(0)"
            " AND EXISTS (SELECT 1 FROM processes_process WHERE run_state = 'ready' AND waits_for = outside.name)) dues"
        )
        due, now = cursor.fetchone()
    return None if due is None else max(0.0, (_moment(due) - _moment(now)).total_seconds())


def _id(process_id: UUID) -> Any:
    return Process._meta.pk.get_db_prep_value(process_id, connection)


def _uuid(value: object) -> UUID:
    return value if isinstance(value, UUID) else UUID(str(value))


def _moment(value: object) -> datetime:
    moment = value if isinstance(value, datetime) else datetime.fromisoformat(str(value))
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)  # SQLite keeps UTC without saying so


def _text(moment: datetime) -> str:
    return moment.astimezone(UTC).replace(tzinfo=None).isoformat(sep=" ", timespec="microseconds")
