"""Everything on: starts over HTTP by several callers at once, and how fast all their steps are then committed."""

import threading
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from statistics import median
from uuid import UUID

from django.db.models import Max

from processes.engine.status import ProcessStatus
from processes.models import Process, Step
from tests.benchmarks import floor, machine, observed, stack
from tests.benchmarks.options import Options
from tests.benchmarks.report import Row, at_least, at_most, percentile, plain
from tests.benchmarks.stack import Stack
from tests.benchmarks.workflows import STEPS, do_nothing_twenty_times

CLIENTS = 8
WORKERS = 2
FLOOR_PROCESSES = 60
SECONDS = 120


@dataclass(frozen=True)
class Load:
    """What one round came to; `waits` are the seconds that each POST took."""

    starts_a_second: float
    rows_a_second: float
    waits: tuple[float, ...]


@dataclass(frozen=True)
class Cost:
    """A round: its load, the floor beside it, and the processor time that went into a start and into a step.

    Processor time tells more than speed where others use the machine as well. The database's is not in it.
    """

    load: Load
    floor: float
    start_milliseconds: float
    step_microseconds: float


def measure(address: str, options: Options) -> list[Row]:
    with stack.running(address, workers=WORKERS) as site:
        rounds = [_round(address, site, options.processes) for _ in range(options.rounds)]
    waits = [1000 * seconds for one in rounds for seconds in one.load.waits]
    starts = median(one.load.starts_a_second for one in rounds)
    rows = median(one.load.rows_a_second for one in rounds)
    ratio = median(one.load.rows_a_second / one.floor for one in rounds)
    return [
        at_least("HTTP: starts accepted, 8 clients, by token", starts, "/s", 150, aim=300),
        at_least("HTTP: step rows, first POST to last completed", rows, "/s", 550, aim=850),
        Row("HTTP: the same beside the floor", rows, "/s", median(one.floor for one in rounds), ratio),
        plain("HTTP: POST under this load, p50", percentile(waits, 50), "ms"),
        at_most("HTTP: POST under this load, p95", percentile(waits, 95), "ms", 100, aim=40),
        plain("HTTP: processor time of a start", median(one.start_milliseconds for one in rounds), "ms"),
        plain("HTTP: processor time of a step", median(one.step_microseconds for one in rounds), "µs"),
    ]


def _round(address: str, site: Stack, count: int) -> Cost:
    bare = floor.measure(address, FLOOR_PROCESSES, STEPS)
    web, workers = observed.family(site.web), observed.family(site.supervisor)
    before = observed.cpu_seconds(web), observed.cpu_seconds(workers)
    load = drive(site, count)
    used = observed.cpu_seconds(web) - before[0], observed.cpu_seconds(workers) - before[1]
    return Cost(load, bare, 1e3 * used[0] / count, 1e6 * used[1] / (count * STEPS))


def drive(site: Stack, count: int) -> Load:
    """So many starts by all clients together; then wait for the last step, which the database tells."""
    began = time.time()
    answers = _start(site, count)
    accepted = time.time()
    ids = [process_id for process_id, _ in answers]
    ours = Process.objects.filter(pk__in=ids)
    machine.wait_for(lambda: not ours.unfinished().exists(), SECONDS, f"the completion of {count} processes")
    ended = ours.filter(status=ProcessStatus.COMPLETED).aggregate(last=Max("ended_at"))["last"]
    rows = Step.objects.filter(process__in=ids, sequence__isnull=False).count()
    if rows != count * STEPS:
        raise AssertionError(f"{count} processes have committed {rows} steps, not {count * STEPS}.")
    seconds = ended.timestamp() - began
    return Load(count / (accepted - began), rows / seconds, tuple(wait for _, wait in answers))


def _start(site: Stack, count: int) -> list[tuple[UUID, float]]:
    """The id of each process, and the seconds its POST took."""
    ready = threading.Barrier(CLIENTS)
    shares = [len(range(number, count, CLIENTS)) for number in range(CLIENTS)]
    with ThreadPoolExecutor(CLIENTS) as pool:
        callers = [pool.submit(_call, site, share, ready) for share in shares]
        return [answer for caller in callers for answer in caller.result(SECONDS)]


def _call(site: Stack, count: int, ready: threading.Barrier) -> Sequence[tuple[UUID, float]]:
    answers = []
    with site.client() as client:
        ready.wait(SECONDS)
        for _ in range(count):
            began = time.perf_counter()
            process_id = client.start(do_nothing_twenty_times.name)
            answers.append((process_id, time.perf_counter() - began))
    return answers
