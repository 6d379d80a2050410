"""What PostgreSQL reads to answer: the statements of a call, and how many rows each scan in their plans goes through.

Run as a program, it makes each hot call on the database that DATABASE_URL names and prints, as JSON, the table of which
a scan reads most, with the number of rows; statements that read more than TOO_MANY are told beside it.
"""

import json
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.db import connection, transaction

TOO_MANY = 12_000
"""Rows, in one scan."""
SHOWN = 500
"""Characters of a statement."""
_READS = ("SELECT", "WITH", "(SELECT")
_UNSEEN = ("Rows Removed by Filter", "Rows Removed by Index Recheck", "Rows Removed by Join Filter")


@dataclass(frozen=True)
class Scan:
    """A table that a plan goes through, by which kind of node, and how many rows of it in all."""

    table: str
    node: str
    rows: float
    statement: str


@dataclass(frozen=True)
class Statement:
    text: str
    values: Any


@contextmanager
def noted() -> Iterator[list[Statement]]:
    """The statements that are executed meanwhile, in order; those whose plans are kept are executed like the others."""
    seen: list[Statement] = []

    def note(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Mapping[str, Any]) -> Any:
        if not many:
            seen.append(Statement(sql, params))
        return execute(sql, params, many, context)

    before, connection.force_debug_cursor = connection.force_debug_cursor, True
    try:
        with connection.execute_wrapper(note):
            yield seen
    finally:
        connection.force_debug_cursor = before


def scans(statements: Sequence[Statement]) -> list[Scan]:
    """Every scan in the plans of those that only read, as it was executed; what was executed is taken back."""
    found: list[Scan] = []
    for statement in statements:
        text = statement.text.lstrip()
        if text.startswith(_READS) and not _writes(text):
            found += _scans_in(_plan(statement), " ".join(text.split()))
    return found


def greediest(statements: Sequence[Statement]) -> Scan | None:
    """The scan that reads most; None where nothing is read."""
    return max(scans(statements), key=lambda one: one.rows, default=None)


def _writes(text: str) -> bool:
    return any(word in text for word in ("INSERT INTO", "UPDATE ", "DELETE FROM"))


def _plan(statement: Statement) -> Mapping[str, Any]:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (ANALYZE, TIMING OFF, FORMAT JSON) {statement.text}", statement.values)
        ((told,),) = cursor.fetchall()
        transaction.set_rollback(True)
    plans = json.loads(told) if isinstance(told, str) else told
    plan: Mapping[str, Any] = plans[0]["Plan"]
    return plan


def _scans_in(plan: Mapping[str, Any], statement: str) -> Iterator[Scan]:
    if "Relation Name" in plan:
        a_loop = plan["Actual Rows"] + sum(plan.get(name, 0) for name in _UNSEEN)
        yield Scan(plan["Relation Name"], plan["Node Type"], a_loop * plan["Actual Loops"], statement)
    for below in plan.get("Plans", ()):
        yield from _scans_in(below, statement)


def _main() -> None:
    import django

    django.setup()
    from tests.benchmarks import hot

    told = {}
    for name, call in hot.calls().items():
        with noted() as statements:
            call()
        scan = greediest(statements)
        if scan:
            told[name] = (scan.table, scan.rows)
            if scan.rows > TOO_MANY:
                sys.stderr.write(
                    f"{name}: {scan.node} of {scan.rows:.0f} rows of {scan.table}: {scan.statement[:SHOWN]}\n"
                )
    sys.stdout.write(json.dumps(told))


if __name__ == "__main__":
    _main()
