"""What of a step's own SQL is refused, and what is let through."""

from typing import Any

import pytest
from django.db import connection
from django.db.backends.utils import CursorWrapper

from processes.execution.interceptors import write_guard

pytestmark = pytest.mark.django_db(transaction=True)


WRITES = [
    "UPDATE processes_process SET note = 'x'",
    "  (INSERT INTO processes_enginesettings VALUES (1))",
    "WITH gone AS (DELETE FROM processes_process RETURNING id) SELECT * FROM gone",
    "with new as (insert into processes_step default values returning id) select * from new",
    "/* quietly */ DELETE FROM processes_process",
    "TRUNCATE processes_process",
]
READS = ["SELECT 1", " \n select 1", "WITH one AS (SELECT 1 AS updated) SELECT * FROM one", "EXPLAIN SELECT 1"]


@pytest.mark.parametrize("sql", WRITES)
def test_guard_refuses_writes(sql: str) -> None:
    with pytest.raises(write_guard.ForeignWrite), connection.execute_wrapper(write_guard.refuse):
        run_sql(sql)


@pytest.mark.parametrize("sql", READS)
def test_guard_lets_reads_through(sql: str) -> None:
    with connection.execute_wrapper(write_guard.refuse):
        assert len(run_sql(sql)) > 0


def run_sql(sql: str) -> list[Any]:
    cursor: CursorWrapper
    with connection.cursor() as cursor:
        cursor.execute(sql)
        rows: list[Any] = cursor.fetchall()
    return rows
