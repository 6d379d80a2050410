"""The one clock of the engine: the database's, so that hosts need not agree. Tests move it with `shift`."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db import connection, models
from django.db.backends.base.base import BaseDatabaseWrapper

_sqlite_offset = timedelta()


class EngineNow(models.Func):
    """The engine's now, plus so many seconds, as a database expression."""

    function = "engine_now"
    output_field = models.DateTimeField()

    def __init__(self, seconds: float = 0, **extra: Any) -> None:
        super().__init__(models.Value(float(seconds)), **extra)


def add_to_sqlite(sender: object, connection: BaseDatabaseWrapper, **_: object) -> None:  # noqa: ARG001 - a signal's
    """Give a new SQLite connection the function that PostgreSQL gets by migration."""
    if connection.vendor != "sqlite":
        return
    raw: sqlite3.Connection = connection.connection
    raw.create_function("engine_now", -1, _sqlite_now)


def _sqlite_now(seconds: float = 0) -> str:
    moment = datetime.now(UTC) + _sqlite_offset + timedelta(seconds=seconds)
    return moment.replace(tzinfo=None).isoformat(sep=" ", timespec="microseconds")


def now() -> datetime:
    """The engine's now, asked of the database."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT engine_now(0)")
        value = cursor.fetchone()[0]
    return value if isinstance(value, datetime) else datetime.fromisoformat(value).replace(tzinfo=UTC)


def advance(by: timedelta) -> None:
    """Move the engine's clock within this process and connection, for good; for tests."""
    global _sqlite_offset  # noqa: PLW0603 - SQLite's clock lives in this process
    _sqlite_offset += by
    _shift_postgresql(_sqlite_offset)


def set_right() -> None:
    """Undo every move; for tests."""
    advance(-_sqlite_offset)


@contextmanager
def shift(by: timedelta) -> Iterator[None]:
    """Move the engine's clock for a while; for tests."""
    advance(by)
    try:
        yield
    finally:
        advance(-by)


def _shift_postgresql(offset: timedelta) -> None:
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT set_config('engine.clock_offset', %s, false)", [str(offset.total_seconds())])
