"""Everything on: starts over HTTP by several callers at once, and how fast all their steps are then committed."""

import statistics
import threading
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Max

from processes.engine.status import ProcessStatus
from processes.models import Process, Step
from tests.benchmarks import machine, stack
from tests.benchmarks.options import Options
from tests.benchmarks.report import Row, at_least, at_most, percentile, plain
from tests.benchmarks.stack import Stack
from tests.benchmarks.workflows import STEPS, do_nothing_twenty_times

CLIENTS = 8
WORKERS = 2
SECONDS = 120


@dataclass(frozen=True)
class Load:
    """What one round came to; `waits` are the seconds that each POST took."""

    starts_a_second: float
    rows_a_second: float
    waits: tuple[float, ...]


def measure(address: str, options: Options) -> list[Row]:
    with stack.running(address, workers=WORKERS) as site:
        rounds = [drive(site, options.processes) for _ in range(options.rounds)]
    waits = [1000 * seconds for one in rounds for seconds in one.waits]
    starts = statistics.median(one.starts_a_second for one in rounds)
    rows = statistics.median(one.rows_a_second for one in rounds)
    return [
        at_least("HTTP: starts accepted, 8 clients, by token", starts, "/s", 150, aim=300),
        at_least("HTTP: step rows, first POST to last completed", rows, "/s", 550, aim=850),
        plain("HTTP: POST under this load, p50", percentile(waits, 50), "ms"),
        at_most("HTTP: POST under this load, p95", percentile(waits, 95), "ms", 100, aim=40),
    ]


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
