"""What a web process and a worker hold in memory once they have worked: the most at once, and their share of it."""

from collections.abc import Sequence

from tests.benchmarks import http, observed, stack
from tests.benchmarks.observed import Memory
from tests.benchmarks.options import Options
from tests.benchmarks.report import Row, at_most, plain

BUDGET = 120
WORKERS = 4


def measure(address: str, options: Options) -> list[Row]:
    with stack.running(address, workers=WORKERS) as site:
        http.drive(site, options.processes)
        web = [observed.memory(pid) for pid in site.web_processes()]
        workers = [observed.memory(pid) for pid in site.workers()]
        others = [observed.memory(pid) for pid in (site.web, site.supervisor)]
    return [
        *_rows("a web process", web),
        *_rows("a worker", workers),
        plain("memory: parent of the web processes, peak", others[0].peak, "MB"),
        plain("memory: supervisor of the workers, peak", others[1].peak, "MB"),
    ]


def _rows(who: str, seen: Sequence[Memory]) -> list[Row]:
    """The largest of them."""
    return [
        at_most(f"memory: {who} after load, peak", max(one.peak for one in seen), "MB", BUDGET),
        plain(f"memory: {who}, its share (PSS)", max(one.proportional for one in seen), "MB"),
    ]
