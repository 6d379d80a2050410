"""Everything on: starts over HTTP by several callers at once, and how fast all their steps are then committed."""

import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import cycle, islice

from tests.benchmarks import budgets, floor, machine, observed, stack
from tests.benchmarks.bench import Bench
from tests.benchmarks.databases import EMPTY
from tests.benchmarks.report import Row, percentile, plain
from tests.benchmarks.site import Site
from tests.benchmarks.stack import Stack
from tests.benchmarks.workflows import STEPS, do_nothing_twenty_times

CLIENTS = 8
SECONDS = 120
Pages = Sequence[Mapping[str, object]]


@dataclass(frozen=True)
class Load:
    """What one round came to; `waits` are the seconds that each POST took."""

    starts_a_second: float
    processes_a_second: float
    waits: tuple[float, ...]


@dataclass(frozen=True)
class Cost:
    """A round: its load, the floors beside it, and the processor time that went into a start and into a step.

    Processor time tells more than speed where others use the machine as well. The database's is not in it.
    """

    load: Load
    pgbench: float
    empty: float
    start_milliseconds: float
    step_microseconds: float


def measure(bench: Bench) -> list[Row]:
    address, rounds = bench.address(EMPTY), bench.rounds()
    with stack.running(address) as site:
        seen = [_round(address, site, bench.options.processes) for _ in rounds]
    pgbench, empty = tuple(one.pgbench for one in seen), tuple(one.empty for one in seen)
    starts = tuple(one.load.starts_a_second for one in seen)
    steps = tuple(one.load.processes_a_second * STEPS for one in seen)
    p50, p95 = (tuple(percentile(_milliseconds(one), percent) for one in seen) for percent in (50, 95))
    quiet = rounds.quiet
    return [
        plain("http: floor, pgbench with two clients", "steps/s", pgbench, quiet),
        plain("http: floor, an empty endpoint, 8 clients", "/s", empty, quiet),
        Row("http: steps, first POST to last completed", "steps/s", steps, pgbench, "pgbench 2", budgets.HTTP, quiet),
        Row("http: the same for orchestrator-core", "steps/s", steps, pgbench, "pgbench 2", budgets.HTTP_PEER, quiet),
        Row("http: starts accepted, 8 clients, by token", "/s", starts, empty, "empty", budgets.STARTS, quiet),
        Row("http: the same for Celery", "/s", starts, empty, "empty", budgets.STARTS_CELERY, quiet),
        plain("http: POST under this load, p50", "ms", p50, quiet),
        plain("http: POST under this load, p95", "ms", p95, quiet),
        plain("http: processor time of a start", "ms", [one.start_milliseconds for one in seen], quiet),
        plain("http: processor time of a step", "µs", [one.step_microseconds for one in seen], quiet),
    ]


def _round(address: str, site: Stack, count: int) -> Cost:
    pgbench = floor.pgbench(address, clients=2)
    empty = site.read("/api/floor/empty", clients=CLIENTS, seconds=1).a_second
    web, workers = observed.family(site.web), observed.family(site.supervisor)
    before = observed.cpu_seconds(web), observed.cpu_seconds(workers)
    load = drive(site, count)
    used = observed.cpu_seconds(web) - before[0], observed.cpu_seconds(workers) - before[1]
    return Cost(load, pgbench, empty, 1e3 * used[0] / count, 1e6 * used[1] / (count * STEPS))


def drive(
    site: Site,
    count: int,
    workflow: str = do_nothing_twenty_times.name,
    *,
    steps: int = STEPS,
    pages: Sequence[Pages] = ([{}],),
) -> Load:
    """So many starts by all clients together; then wait for the last step, which the database tells.

    The starts take the answers to the form in turn. Raises AssertionError unless all of them complete.
    """
    began = time.time()
    answers = _start(site, workflow, list(islice(cycle(pages), count)))
    accepted = time.time()
    ids = [process_id for process_id, _ in answers]
    machine.wait_for(lambda: not site.unfinished(), SECONDS, f"the completion of {count} processes")
    outcome = site.outcome(ids)
    if (outcome.completed, outcome.steps) != (count, count * steps):
        raise AssertionError(f"Of {count} processes with {count * steps} steps: {outcome}.")
    seconds = outcome.last_at.timestamp() - began
    return Load(count / (accepted - began), count / seconds, tuple(wait for _, wait in answers))


def _start(site: Site, workflow: str, forms: Sequence[Pages]) -> list[tuple[str, float]]:
    """The id of each process, and the seconds its POST took."""
    ready = threading.Barrier(CLIENTS)
    shares = [forms[number::CLIENTS] for number in range(CLIENTS)]
    with ThreadPoolExecutor(CLIENTS) as pool:
        callers = [pool.submit(_call, site, workflow, share, ready) for share in shares]
        return [answer for caller in callers for answer in caller.result(SECONDS)]


def _call(site: Site, workflow: str, forms: Sequence[Pages], ready: threading.Barrier) -> Sequence[tuple[str, float]]:
    answers = []
    with site.client() as client:
        ready.wait(SECONDS)
        for pages in forms:
            began = time.perf_counter()
            process_id = client.start(workflow, *pages)
            answers.append((process_id, time.perf_counter() - began))
    return answers


def _milliseconds(cost: Cost) -> Iterator[float]:
    return (1000 * seconds for seconds in cost.load.waits)
