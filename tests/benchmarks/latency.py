"""How long one process of twenty steps takes on an idle system, from its POST until the database shows it completed."""

import random
import time

import psycopg

from tests.benchmarks import budgets, floor, stack
from tests.benchmarks.bench import Bench
from tests.benchmarks.databases import EMPTY
from tests.benchmarks.machine import wait_for
from tests.benchmarks.reads import EMPTY as EMPTY_ENDPOINT
from tests.benchmarks.report import Row, percentile, plain
from tests.benchmarks.site import Site
from tests.benchmarks.workflows import do_nothing_twenty_times

TRIES = 12
"""In a round."""
LOOK_SECONDS = 0.002
"""So seldom that looking takes little from those who work."""


def measure(bench: Bench) -> list[Row]:
    address, rounds = bench.address(EMPTY), bench.rounds()
    floors, empty, answered, completed = [], [], [], []
    with stack.running(address) as site:
        for _ in rounds:
            floors.append(1000 / floor.pgbench(address, clients=1, seconds=1))
            empty.append(percentile(site.read(EMPTY_ENDPOINT, seconds=0.5).milliseconds, 50))
            answers, ends = zip(*(single(site, do_nothing_twenty_times.name) for _ in range(TRIES)), strict=True)
            answered.append(percentile(answers, 50))
            completed.append(ends)
    p50, p95 = (tuple(percentile(ends, percent) for ends in completed) for percent in (50, 95))
    quiet = rounds.quiet
    return [
        plain("latency: floor, a statement of pgbench, one client", "ms", floors, quiet),
        plain("latency: floor, an empty endpoint, one client", "ms", empty, quiet),
        Row("latency: POST to completed, 20 steps, p50", "ms", p50, tuple(empty), "empty", budgets.LATENCY, quiet),
        plain("latency: the same, p95", "ms", p95, quiet),
        plain("latency: POST to its answer, p50", "ms", answered, quiet),
    ]


def single(site: Site, workflow: str) -> tuple[float, float]:
    """Milliseconds until the answer, and until it is seen completed."""
    time.sleep(random.uniform(0.1, 0.4))  # out of step with whatever happens at regular times
    with site.client() as client, psycopg.connect(site.address, autocommit=True) as raw:
        client.get("/api/health/")  # the connection is there, as those of an integration are
        began = time.perf_counter()
        process_id = client.start(workflow)
        answered = time.perf_counter()
        completed = lambda: raw.execute(site.IS_COMPLETED.encode(), [process_id]).fetchone()  # noqa: E731
        wait_for(completed, 30, "the completion of a process", every=LOOK_SECONDS)
    return 1000 * (answered - began), 1000 * (time.perf_counter() - began)
