"""Take the next process that is ready."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson
from django.db import connection

from processes.store import failpoints
from processes.store.dialect import is_postgresql, moment_of, prepared_cursor, uuid_of

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
    failpoints.hit("claimed")
    return _claim(row) if row else None


def _has_ready() -> bool:
    with connection.cursor() as cursor:
        cursor.execute(_READY)
        return bool(cursor.fetchone()[0])


def _claim(row: tuple[Any, ...]) -> Claim:
    process_id, *plain, is_task, created_by, lock_keys, started = row
    keys = tuple(orjson.loads(lock_keys))
    fields = [uuid_of(process_id), *plain, bool(is_task), created_by, keys, moment_of(started)]
    return Claim(*fields)


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
    return None if due is None else max(0.0, (moment_of(due) - moment_of(now)).total_seconds())
