"""Insert rows of several tables at once: PostgreSQL in one statement, SQLite one after the other in one transaction."""

from collections.abc import Sequence
from typing import Any

from django.db import connection, models
from django.db.models.sql import InsertQuery

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


def _compiled(row: models.Model) -> tuple[str, Sequence[Any]]:
    """The statement by which the ORM would insert a new row."""
    fields = [one for one in row._meta.local_concrete_fields if not (one.primary_key and row.pk is None)]
    query = InsertQuery(type(row))
    query.insert_values(fields, [row])
    ((text, parameters),) = query.get_compiler(connection=connection).as_sql()
    return text, parameters
