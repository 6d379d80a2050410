"""Insert rows of several tables at once: PostgreSQL in one statement, SQLite one after the other in one transaction."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.db import connection, models
from django.db.models.sql import InsertQuery
from django.db.models.sql.compiler import SQLCompiler

from processes.store import prepared_cursor


def insert(rows: Sequence[models.Model], *, first: str, values: Sequence[Any], answer: str) -> tuple[Any, ...]:
    """Insert the rows behind a first clause, on PostgreSQL only; the row that `answer` selects.

    `first` is a named WITH clause, with `values` for its parameters; the rows may refer to it by `RawSQL`. A foreign
    key from one row to another is checked when the transaction ends.
    """
    clauses, parameters = [first], list(values)
    for number, row in enumerate(rows):
        text, more = _compiled(row)
        clauses.append(f"row_{number} AS ({text})")
        parameters += more
    with prepared_cursor() as statement:
        statement.execute(f"WITH {', '.join(clauses)} SELECT {answer}", parameters)
        found: tuple[Any, ...] = statement.fetchone()
    return found


def _compiled(row: models.Model) -> tuple[str, list[Any]]:
    """The statement by which the ORM would insert a new row."""
    columns = _columns(type(row), row.pk is not None)
    texts: list[str] = []
    parameters: list[Any] = []
    for field in columns.fields:
        value = field.pre_save(row, add=True)
        text, more = columns.written(field, value)
        texts.append(text)
        parameters += more
    return f"{columns.text} VALUES ({', '.join(texts)})", parameters


@dataclass(frozen=True)
class _Columns:
    """The columns of a model, and how their values are written."""

    fields: Sequence[Any]
    text: str
    compiler: SQLCompiler

    def written(self, field: Any, value: Any) -> tuple[str, Sequence[Any]]:
        if not hasattr(value, "as_sql"):
            return "%s", (field.get_db_prep_save(value, connection),)
        text, parameters = self.compiler.compile(value)
        return text, parameters


@lru_cache(maxsize=64)
def _columns(model: type[models.Model], has_key: bool) -> _Columns:
    fields = [one for one in model._meta.local_concrete_fields if has_key or not one.primary_key]
    names = ", ".join(connection.ops.quote_name(str(one.column)) for one in fields)
    text = f"INSERT INTO {connection.ops.quote_name(model._meta.db_table)} ({names})"
    return _Columns(fields, text, InsertQuery(model).get_compiler(connection=connection))
