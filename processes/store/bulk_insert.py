"""Insert rows of several tables at once: PostgreSQL in one statement, SQLite one after the other in one transaction."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby
from typing import Any

from django.db import connection, models
from django.db.models.sql import InsertQuery
from django.db.models.sql.compiler import SQLCompiler

from processes.store import wakeups
from processes.store.dialect import is_postgresql, numbered, numbered_cursor


@dataclass(frozen=True)
class Clause:
    """What a statement begins with: the text under a name, its positional parameters, and the columns it answers."""

    name: str
    text: str
    values: Sequence[Any]
    columns: Sequence[str]


def insert(rows: Sequence[models.Model], *, first: Clause | None = None, then_wake: bool = False) -> tuple[Any, ...]:
    """Insert rows together, and with `then_wake` wake idle workers when that becomes true; what `first` answers.

    On PostgreSQL it is one statement, in which the rows may refer to `first` by `RawSQL`; a foreign key from one row to
    another is checked at its end. On SQLite there is no `first`, and it takes a transaction of the caller's.
    """
    if is_postgresql():
        return _insert_in_one(rows, first, then_wake=then_wake)
    for row in rows:
        row.save(force_insert=True)
    if then_wake:
        wakeups.wake()
    return ()


def _insert_in_one(rows: Sequence[models.Model], first: Clause | None, *, then_wake: bool) -> tuple[Any, ...]:
    clauses, parameters = ([f"{first.name} AS ({first.text})"], list(first.values)) if first else ([], [])
    for number, (_, alike) in enumerate(groupby(rows, key=_kind)):
        text, more = _compiled([*alike])
        clauses.append(f"row_{number} AS ({text})")
        parameters += more
    answer = [*(first.columns if first else []), "pg_notify('processes_ready', '')" if then_wake else "NULL"]
    source = f" FROM {first.name}" if first else ""
    text = f"WITH {', '.join(clauses)} SELECT {', '.join(answer)}{source}"
    if connection.queries_logged:
        with connection.cursor() as statement:
            statement.execute(text, parameters)
            answered: tuple[Any, ...] = statement.fetchone()
    else:
        statement = numbered_cursor()
        statement.execute(numbered(text), parameters)
        answered = statement.fetchone()
    return answered[:-1]


def _kind(row: models.Model) -> tuple[type[models.Model], bool]:
    return type(row), row.pk is not None


def _compiled(rows: Sequence[models.Model]) -> tuple[str, list[Any]]:
    """The statement by which the ORM would insert new rows of a model; they get their keys in this order.

    Of several statements within one PostgreSQL executes the last one first.
    """
    columns = _columns(*_kind(rows[0]))
    values: list[str] = []
    parameters: list[Any] = []
    for row in rows:
        texts: list[str] = []
        for field in columns.fields:
            text, more = columns.written(field, field.pre_save(row, add=True))
            texts.append(text)
            parameters += more
        values.append(f"({', '.join(texts)})")
    return f"{columns.text} VALUES {', '.join(values)}", parameters


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
