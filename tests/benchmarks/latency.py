"""How long one process of twenty steps takes on an idle system, from its POST until the database shows it completed."""

import random
import time

from processes.models import Process
from tests.benchmarks import machine, stack
from tests.benchmarks.options import Options
from tests.benchmarks.report import Row, at_most, percentile, plain
from tests.benchmarks.stack import Stack
from tests.benchmarks.workflows import do_nothing_twenty_times

TRIES = 30
WORKERS = 2
LOOK_SECONDS = 0.002
"""So seldom that looking takes little from those who work."""


def measure(address: str, options: Options) -> list[Row]:
    with stack.running(address, workers=WORKERS) as site:
        answered, completed = zip(*(_one(site) for _ in range(TRIES)), strict=True)
    return [
        at_most("latency: POST to completed, 20 steps, idle, p50", percentile(completed, 50), "ms", 60),
        plain("latency: the same, p95", percentile(completed, 95), "ms"),
        plain("latency: POST to its answer, p50", percentile(answered, 50), "ms"),
    ]


def _one(site: Stack) -> tuple[float, float]:
    """Milliseconds until the answer, and until it is seen completed."""
    time.sleep(random.uniform(0.1, 0.4))  # out of step with whatever happens at regular times
    with site.client() as client:
        client.is_well()  # the connection is there, as those of an integration are
        began = time.perf_counter()
        process_id = client.start(do_nothing_twenty_times.name)
        answered = time.perf_counter()
    ended = Process.objects.filter(pk=process_id, ended_at__isnull=False)
    machine.wait_for(ended.exists, 30, "the completion of a process", every=LOOK_SECONDS)
    return 1000 * (answered - began), 1000 * (time.perf_counter() - began)
