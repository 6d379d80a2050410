"""What a web process and a worker hold in memory after everything: the most at once, and their share of it."""

from collections.abc import Sequence

from tests.benchmarks import budgets, change, export, http, observed, reads, stack
from tests.benchmarks.bench import Bench
from tests.benchmarks.databases import LARGE
from tests.benchmarks.observed import Memory
from tests.benchmarks.report import Row, plain
from tests.benchmarks.stack import Stack

WORKERS = 4


def measure(bench: Bench) -> list[Row]:
    with stack.running(bench.address(LARGE), workers=WORKERS) as site:
        _do_everything(site, bench.options.processes)
        web = [observed.memory(pid) for pid in site.web_processes()]
        workers = [observed.memory(pid) for pid in site.workers()]
        others = [observed.memory(pid) for pid in (site.web, site.supervisor)]
    return [
        *_rows("a web process", web),
        *_rows("a worker", workers),
        plain("memory: parent of the web processes, peak", "MB", [others[0].peak]),
        plain("memory: supervisor of the workers, peak", "MB", [others[1].peak]),
    ]


def _do_everything(site: Stack, count: int) -> None:
    """Starts, changes, reads, pages, and an export in each web process."""
    http.drive(site, count)
    change.drive(site, reads.active_ids(site, 50))
    for paths in reads.rest_paths(site).values():
        site.read(*paths, clients=http.CLIENTS, answers=25)
    for paths in reads.page_paths(site).values():
        site.open(*paths, answers=25)
    for _ in range(4):
        export.fetch(site)


def _rows(who: str, seen: Sequence[Memory]) -> list[Row]:
    """The largest of them."""
    peak, share = max(one.peak for one in seen), max(one.proportional for one in seen)
    return [
        Row(f"memory: {who} after everything, peak", "MB", (peak,), budget=budgets.MEMORY),
        plain(f"memory: {who}, its share (PSS)", "MB", [share]),
    ]
