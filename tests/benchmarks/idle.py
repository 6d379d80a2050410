"""What a host costs that has nothing to do: the processor time of everything that `manage.py workers` runs."""

import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from tests.benchmarks import budgets, observed, stack
from tests.benchmarks.bench import Bench
from tests.benchmarks.databases import EMPTY
from tests.benchmarks.report import Row, plain
from tests.benchmarks.stack import Stack

WORKERS = 4
SETTLE_SECONDS = 5
SECONDS = 10
"""Of a round."""
_BACKENDS = "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"


def measure(bench: Bench) -> list[Row]:
    rounds = bench.rounds(most=3)
    with stack.running(bench.address(EMPTY), workers=WORKERS) as site:
        time.sleep(SETTLE_SECONDS)
        groups = {
            "workers": observed.family(site.supervisor),
            "web": observed.family(site.web),
            "database": _backends(site),
        }
        used = [_used(groups) for _ in rounds]
    workers, web, database = (tuple(one[name] for one in used) for name in groups)
    return [
        Row(
            "idle: `manage.py workers` with four workers",
            "% of a core",
            workers,
            budget=budgets.IDLE,
            quiet=rounds.quiet,
        ),
        plain("idle: the web processes", "% of a core", web, rounds.quiet),
        plain("idle: PostgreSQL for all of them", "% of a core", database, rounds.quiet),
    ]


def _used(groups: Mapping[str, Sequence[int]]) -> dict[str, float]:
    """Percent of a core that each group takes."""
    before = {name: observed.cpu_seconds(pids) for name, pids in groups.items()}
    time.sleep(SECONDS)
    return {name: 100 * (observed.cpu_seconds(pids) - before[name]) / SECONDS for name, pids in groups.items()}


def _backends(site: Stack) -> list[int]:
    """The processes of the database server that serve our connections, when it runs on this machine."""
    return [pid for (pid,) in site.rows(_BACKENDS) if _is_postgres(pid)]


def _is_postgres(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/comm").read_text().startswith("postgres")
    except OSError:
        return False
