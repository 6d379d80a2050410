"""What a host costs that has nothing to do: the processor time of everything that `manage.py workers` runs."""

import time
from pathlib import Path

from django.db import connection

from tests.benchmarks import observed, stack
from tests.benchmarks.options import Options
from tests.benchmarks.report import Row, at_most, plain

WORKERS = 4
SETTLE_SECONDS = 5
SECONDS = 30
BUDGET = 2
"""Percent of one core."""


def measure(address: str, options: Options) -> list[Row]:
    with stack.running(address, workers=WORKERS) as site:
        time.sleep(SETTLE_SECONDS)
        groups = {
            "workers": observed.family(site.supervisor),
            "web": observed.family(site.web),
            "database": _backends(),
        }
        before = {name: observed.cpu_seconds(pids) for name, pids in groups.items()}
        time.sleep(SECONDS)
        used = {name: 100 * (observed.cpu_seconds(pids) - before[name]) / SECONDS for name, pids in groups.items()}
    return [
        at_most("idle: `manage.py workers` with four workers", used["workers"], "% of a core", BUDGET),
        plain("idle: the web processes", used["web"], "% of a core"),
        plain("idle: PostgreSQL for all of them", used["database"], "% of a core"),
    ]


def _backends() -> list[int]:
    """The processes of the database server that serve our connections, when it runs on this machine."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pid FROM pg_stat_activity WHERE datname = current_database()")
        return [pid for (pid,) in cursor.fetchall() if _is_postgres(pid)]


def _is_postgres(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/comm").read_text().startswith("postgres")
    except OSError:
        return False
