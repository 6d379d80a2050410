"""What the two databases write differently: keys, moments, prepared statements, and how each says it is away."""

from contextlib import AbstractContextManager, closing, nullcontext
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

import psycopg
from django.db import DEFAULT_DB_ALIAS, InterfaceError, OperationalError, connection, connections
from django.db.backends.utils import CursorWrapper
from psycopg.types.datetime import TimestamptzLoader

from processes.models import Process

DATABASE_LOST = (OperationalError, InterfaceError)
"""What is raised when the database is out of reach: nobody's failure, and worth another try."""


def is_postgresql() -> bool:
    """Whether the default database is PostgreSQL; otherwise it is SQLite."""
    return connections[DEFAULT_DB_ALIAS].vendor == "postgresql"


def prepared_cursor() -> AbstractContextManager[CursorWrapper]:
    """For the statements of every step. Fetch all of one answer before the next.

    PostgreSQL keeps their plans, which cost it more to make than to run; and each connection keeps one cursor for
    them, which has found out how to write our types, and reads moments by the code in C that Django replaces (10 us).
    """
    present: Any = connections[DEFAULT_DB_ALIAS]  # a tenth of what the proxy `connection` takes for each attribute
    if present.vendor != "postgresql" or present.queries_logged:
        return closing(present.cursor())
    raw = _raw(present)
    if not hasattr(raw, "kept_cursor"):
        raw.prepare_threshold = 2
        bound: Any = psycopg.Cursor(raw)
        bound.adapters.register_loader("timestamptz", TimestamptzLoader)
        raw.kept_cursor = present.make_cursor(bound)
    return nullcontext(raw.kept_cursor)


def numbered_cursor() -> CursorWrapper:
    """The same for statements of PostgreSQL whose parameters are written `$1`, `$2` and so on; see `numbered`."""
    present: Any = connections[DEFAULT_DB_ALIAS]
    raw = _raw(present)
    if not hasattr(raw, "kept_numbered_cursor"):
        raw.prepare_threshold = 2
        raw.kept_numbered_cursor = present.make_cursor(psycopg.RawCursor(raw))
    cursor: CursorWrapper = raw.kept_numbered_cursor
    return cursor


def _raw(present: Any) -> Any:
    """The connection of psycopg, made where there is none."""
    present.close_if_health_check_failed()
    present.ensure_connection()
    return present.connection


@lru_cache(maxsize=256)
def numbered(text: str) -> str:
    """A statement with `$1`, `$2` … in place of each `%s`.

    psycopg does that itself, but for more than 50 parameters each time anew: 0.12 ms for the 88 of a start.
    """
    first, *others = text.split("%s")
    return "".join([first, *(f"${number}{part}" for number, part in enumerate(others, 1))]).replace("%%", "%")


def db_key(process_id: UUID) -> Any:
    """The id of a process as the database keeps it."""
    return process_id if is_postgresql() else Process._meta.pk.get_db_prep_value(process_id, connection)


def uuid_of(value: object) -> UUID:
    """An id as the database gave it."""
    return value if isinstance(value, UUID) else UUID(str(value))


def moment_of(value: object) -> datetime:
    """A moment as the database gave it."""
    moment = value if isinstance(value, datetime) else datetime.fromisoformat(str(value))
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)  # SQLite keeps UTC without saying so


def text_of(moment: datetime) -> str:
    """A moment as SQLite keeps it."""
    return moment.astimezone(UTC).replace(tzinfo=None).isoformat(sep=" ", timespec="microseconds")
