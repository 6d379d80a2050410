"""The advisory lock under the name of each worker, on PostgreSQL: released when the session of the worker ends."""

from django.db import connection

from processes.store.sql import postgresql


def hold(worker: str) -> None:
    """Hold the lock of a worker for as long as the present connection lasts."""
    with connection.cursor() as cursor:
        cursor.execute(postgresql.HOLD_SESSION, {"worker": worker})


def missing(grace_seconds: float) -> list[str]:
    """Workers of any host whose lock nobody holds; those that have just begun are given a moment."""
    with connection.cursor() as cursor:
        cursor.execute(postgresql.SESSIONLESS_WORKERS, {"seconds": -grace_seconds})
        return [row[0] for row in cursor.fetchall()]
