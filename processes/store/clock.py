"""The one clock of the engine: the database's, so that hosts need not agree. Tests move it with `shift`.

PostgreSQL's is that of its host. SQLite has none of its own: there it is `host_clock`, which goes on when somebody sets
the clock on the wall; a supervisor then has it follow, with all that waits and runs, so that no duration changes.
"""

import logging
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

from django.db import connection, models, transaction
from django.db.backends.base.base import BaseDatabaseWrapper

from processes.store.host_clock import HostClock
from processes.store.sql import sqlite

logger = logging.getLogger(__name__)

JUMP = timedelta(seconds=1)
"""What the clocks of a host differ by on their own is less."""

_sqlite_offset = timedelta()
_host_clocks: dict[str, HostClock] = {}
"""The clock of each SQLite database, by its name."""


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
    raw.create_function("engine_now", -1, partial(_sqlite_now, host_clock_of(connection)))
    raw.create_function("engine_moved", 2, _sqlite_moved, deterministic=True)


def host_clock_of(connection: BaseDatabaseWrapper) -> HostClock:
    """The clock of an SQLite database, which lies beside it; of one in memory it is that of this process."""
    database: Any = connection
    name = str(database.settings_dict["NAME"])
    if name not in _host_clocks:
        _host_clocks[name] = HostClock(None if database.is_in_memory_db() else Path(f"{name}-clock"))
    return _host_clocks[name]


def follow_wall() -> timedelta:
    """Take over what somebody has set the host's clock by; what waits or runs moves along, so that its time stays.

    Nothing on PostgreSQL, and while the clocks agree; the time by which it was set. Moments of history stay.
    """
    if connection.vendor != "sqlite":
        return timedelta()
    clock = host_clock_of(connection)
    lag = clock.lag()
    if abs(lag) < JUMP:
        return timedelta()
    logger.warning("The clock of this host was set by %s; what waits or runs keeps its time", lag)
    with transaction.atomic():  # nobody else writes meanwhile
        _move_all(lag)
        clock.move(lag)
    return lag


def catch_up(last_known: datetime | None) -> timedelta:
    """After a boot with a clock that is behind `last_known`, when the engine last ran, what waits moves back along."""
    behind = (last_known or now()) - now()
    if connection.vendor != "sqlite" or behind < JUMP:
        return timedelta()
    logger.warning("The clock of this host is %s behind what it was; what waits keeps its time", behind)
    with transaction.atomic():
        _move_all(-behind)
    return -behind


def _move_all(by: timedelta) -> None:
    with connection.cursor() as cursor:
        for statement in (sqlite.MOVE_READY, sqlite.MOVE_RUNNING, sqlite.MOVE_BREAKERS, sqlite.MOVE_WORKERS):
            cursor.execute(statement, {"seconds": by.total_seconds()})


def _sqlite_now(clock: HostClock, seconds: float = 0) -> str:
    return _text(clock.now() + _sqlite_offset + timedelta(seconds=seconds))


def _sqlite_moved(moment: str | None, seconds: float) -> str | None:
    return None if moment is None else _text(datetime.fromisoformat(moment) + timedelta(seconds=seconds))


def _text(moment: datetime) -> str:
    """As Django keeps it in SQLite."""
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
