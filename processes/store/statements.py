"""A read by hand of what some ids name, in both dialects. Its plan is kept, and nothing puts its text together anew."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import orjson

from processes.store.dialect import is_postgresql, prepared_cursor


@dataclass(frozen=True)
class Statement:
    """A whole statement; the parameter `ids` is an array to PostgreSQL, and JSON to SQLite."""

    postgresql: str
    sqlite: str

    def rows(self, ids: Iterable[UUID] = (), **more: Any) -> list[tuple[Any, ...]]:
        """All that it gives for these parameters; values are as the database keeps them, see `uuid` and `moment`."""
        wanted = list(ids)
        given: Any = wanted if is_postgresql() else orjson.dumps([one.hex for one in wanted]).decode()
        with prepared_cursor() as cursor:
            cursor.execute(self.postgresql if is_postgresql() else self.sqlite, {"ids": given, **more})
            rows: list[tuple[Any, ...]] = cursor.fetchall()
        return rows


def uuid(value: Any) -> Any:
    """An id as SQLite keeps it is text."""
    return UUID(value) if isinstance(value, str) else value


def moment(value: Any) -> Any:
    """A moment as SQLite keeps it is one of UTC and does not say so; None stays None."""
    return value.replace(tzinfo=UTC) if isinstance(value, datetime) and value.tzinfo is None else value
