"""Take the next process that is ready. A process runs only after this statement has returned it."""

from typing import Any

import orjson
from django.db import connection

from processes.engine.store import Claim
from processes.engine.tree import Position
from processes.store import failpoints
from processes.store.dialect import is_postgresql, moment_of, prepared_cursor, uuid_of
from processes.store.sql import both, postgresql, sqlite

LEASE_SECONDS = 15.0
"""How long a process is its worker's without a sign of life."""


def claim(worker: str) -> Claim | None:
    """Take the next ready process, most urgent and longest waiting first, and record the try that is about to run.

    Writes nothing when there is none; SQLite is asked first, since there even a vain UPDATE waits for other writers.
    """
    if not is_postgresql() and not _has_ready():
        return None
    with prepared_cursor() as statement:
        claiming = postgresql.CLAIM if is_postgresql() else sqlite.CLAIM
        statement.execute(claiming, {"worker": worker, "lease_seconds": LEASE_SECONDS})
        row = statement.fetchone()
    failpoints.hit("claimed")
    return _claim(row) if row else None


def _has_ready() -> bool:
    with connection.cursor() as cursor:
        cursor.execute(both.READY)
        return bool(cursor.fetchone()[0])


def _claim(row: tuple[Any, ...]) -> Claim:
    process_id, fence, worker, name, version_id, path, visit, frames, *counts, is_task, by, started, lock_keys = row
    attempt, retry_base, crash_count, sequence = counts
    return Claim(
        process_id=uuid_of(process_id),
        fence=fence,
        worker=worker,
        workflow_name=name,
        workflow_version_id=version_id,
        position=Position(path, visit, orjson.loads(frames)),
        attempt=attempt,
        retry_base=retry_base,
        crash_count=crash_count,
        sequence=sequence,
        is_task=bool(is_task),
        created_by=by,
        attempt_started_at=moment_of(started),
        lock_keys=tuple(orjson.loads(lock_keys)),
    )


def next_moment() -> float | None:
    """Seconds until the next process becomes ready by its own; None when none does."""
    with connection.cursor() as cursor:
        cursor.execute(both.NEXT_MOMENT)
        due, now = cursor.fetchone()
    return None if due is None else max(0.0, (moment_of(due) - moment_of(now)).total_seconds())
