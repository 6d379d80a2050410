"""What the two databases write differently: keys, moments, and prepared statements."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import psycopg
from django.db import connection
from django.db.backends.utils import CursorWrapper

from processes.models import Process


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


def db_key(process_id: UUID) -> Any:
    return Process._meta.pk.get_db_prep_value(process_id, connection)


def uuid_of(value: object) -> UUID:
    return value if isinstance(value, UUID) else UUID(str(value))


def moment_of(value: object) -> datetime:
    moment = value if isinstance(value, datetime) else datetime.fromisoformat(str(value))
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)  # SQLite keeps UTC without saying so


def text_of(moment: datetime) -> str:
    return moment.astimezone(UTC).replace(tzinfo=None).isoformat(sep=" ", timespec="microseconds")
