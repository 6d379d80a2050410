"""CSV of 50 000 subscriptions: how long it takes, what the web process grows by, and what others wait meanwhile."""

import threading
import time
from dataclasses import dataclass

from tests.benchmarks import budgets, observed, stack
from tests.benchmarks.bench import Bench
from tests.benchmarks.databases import LARGE
from tests.benchmarks.reads import LIST
from tests.benchmarks.report import Row, percentile, plain
from tests.benchmarks.stack import Stack

CSV = "/subscriptions/?view=all&format=csv"
ALONE_SECONDS = 1.0


@dataclass(frozen=True)
class Export:
    """Seconds, megabytes that a web process grew by, milliseconds of a list meanwhile and alone (p50, p95)."""

    seconds: float
    grown: float
    meanwhile: tuple[float, float]
    alone: tuple[float, float]


def measure(bench: Bench) -> list[Row]:
    rounds = bench.rounds(most=3)
    with stack.running(bench.address(LARGE), workers=0) as site:
        site.read(LIST, answers=40)
        seen = [_round(site) for _ in rounds]
    seconds, grown = tuple(one.seconds for one in seen), tuple(one.grown for one in seen)
    meanwhile, alone = zip(*((one.meanwhile, one.alone) for one in seen), strict=True)
    quiet = rounds.quiet
    return [
        Row("export: CSV of 50 000 rows", "s", seconds, budget=budgets.CSV_SECONDS, quiet=quiet),
        Row("export: a web process grows by", "MB", grown, budget=budgets.CSV_GROWTH, quiet=quiet),
        *(
            Row(
                f"export: a list meanwhile, {name}",
                "ms",
                _column(meanwhile, place),
                _column(alone, place),
                "alone",
                None,
                quiet,
            )
            for place, name in enumerate(("p50", "p95"))
        ),
        plain("export: a list alone, p50", "ms", _column(alone, 0), quiet),
    ]


def fetch(site: Stack) -> int:
    """Ask for the whole list as a person does; how many lines came. Raises AssertionError when some are missing."""
    with site.browser() as person:
        lines = person.get(CSV).body.count(b"\n")
    assert lines > LARGE.subscriptions, f"{lines} lines of CSV"
    return lines


def _round(site: Stack) -> Export:
    alone = site.read(LIST, seconds=ALONE_SECONDS).milliseconds
    before = {pid: observed.memory(pid).resident for pid in site.web_processes()}
    for pid in before:
        observed.forget_peak(pid)
    took: list[float] = []
    exporting = threading.Thread(target=lambda: took.append(_timed(site)))
    exporting.start()
    waits: list[float] = []
    while exporting.is_alive():
        waits += site.read(LIST, answers=2).milliseconds
    exporting.join()
    grown = max(observed.memory(pid).peak - resident for pid, resident in before.items())
    return Export(took[0], grown, _p50_p95(waits), _p50_p95(alone))


def _timed(site: Stack) -> float:
    began = time.perf_counter()
    fetch(site)
    return time.perf_counter() - began


def _p50_p95(values: "list[float] | tuple[float, ...]") -> tuple[float, float]:
    return percentile(values, 50), percentile(values, 95)


def _column(pairs: "tuple[tuple[float, float], ...]", place: int) -> tuple[float, ...]:
    return tuple(one[place] for one in pairs)
