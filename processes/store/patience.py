"""How long the database may be silent: a server that takes connections and never answers holds no thread for ever.

PostgreSQL ends a long statement itself (`statement_timeout`), unless it is the server that stands still. So this side
counts as well where DATABASE_STATEMENT_SECONDS is set, and gives the connection up. Not here: how long locks are waited
for, which is a setting of each connection.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import partial
from typing import Any

import psycopg
from django.conf import settings
from django.db import connection
from django.db.backends.base.base import BaseDatabaseWrapper
from psycopg.errors import ReadOnlySqlTransaction
from psycopg.pq import TransactionStatus

LATER_SECONDS = 5.0
"""So much longer than the server's own limit, which is told in better words."""

_at_most: ContextVar[float | None] = ContextVar("at_most", default=None)


def add_to_postgresql(sender: object, connection: BaseDatabaseWrapper, **_: object) -> None:  # noqa: ARG001 - a signal's
    """Have a new connection wait no longer than that, and tell a server that takes no writes as one out of reach."""
    if connection.vendor == "postgresql":
        raw: Any = connection.connection
        raw.wait = partial(_wait, raw)


def _wait(raw: Any, answer: Any, interval: float = 0.1, timeout: float | None = None) -> Any:
    """As psycopg does. Raises OperationalError also when there is no answer in time: then the connection is closed."""
    limit = _limit() if timeout is None else timeout
    try:
        return psycopg.Connection.wait(raw, answer, interval, limit)
    except ReadOnlySqlTransaction as error:  # a standby, or a server that somebody keeps from writing
        raise psycopg.OperationalError(str(error)) from error
    except psycopg.OperationalError:
        if timeout is None and raw.pgconn.transaction_status == TransactionStatus.ACTIVE:
            raw.close()
        raise


def _limit() -> float | None:
    asked = _at_most.get()
    if asked is not None:
        return asked
    seconds: int = settings.DATABASE_STATEMENT_SECONDS
    return seconds + LATER_SECONDS if seconds else None


@contextmanager
def at_most(seconds: float) -> Iterator[None]:
    """Within this block no statement, and on SQLite no lock, is waited for longer. Raises OperationalError."""
    token = _at_most.set(seconds)
    try:
        with _locks_at_most(seconds):
            yield
    finally:
        _at_most.reset(token)


@contextmanager
def _locks_at_most(seconds: float) -> Iterator[None]:
    if connection.vendor != "sqlite":
        yield
        return
    _wait_for_locks(seconds)
    try:
        yield
    finally:
        if connection.connection is not None:
            _wait_for_locks(connection.settings_dict["OPTIONS"].get("timeout", 5))


def _wait_for_locks(seconds: float) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"PRAGMA busy_timeout = {int(seconds * 1000)}")
