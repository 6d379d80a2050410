"""The engine loop: steps per second of one and of two workers beside pgbench and one Python connection."""

import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass

from django.contrib.auth.models import User

from tests.benchmarks import budgets, floor, machine
from tests.benchmarks.accounts import NAME
from tests.benchmarks.bench import Bench
from tests.benchmarks.databases import EMPTY
from tests.benchmarks.internals import processes
from tests.benchmarks.report import Row, plain
from tests.benchmarks.workflows import STEPS, do_nothing_twenty_times

PROCESSES_A_WORKER = 60


@dataclass
class Worker:
    """A worker process that waits to be told to begin."""

    process: "subprocess.Popen[str]"

    def begin(self) -> None:
        assert self.process.stdin
        self.process.stdin.write("go\n")
        self.process.stdin.flush()

    def answer(self) -> tuple[int, float]:
        """How many claims it drove, and the seconds that took."""
        assert self.process.stdout
        claims, seconds = self.process.stdout.readline().split()
        return int(claims), float(seconds)


@contextmanager
def worker(address: str) -> Iterator[Worker]:
    command = [sys.executable, "-m", "tests.benchmarks.worker"]
    process = subprocess.Popen(
        command,
        cwd=machine.ROOT,
        env=machine.environment(address),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    with process:
        assert process.stdout
        if process.stdout.readline() != "ready\n":
            raise RuntimeError("The worker did not start; it has said why above.")
        yield Worker(process)


def measure(bench: Bench) -> list[Row]:
    """Each round measures the floors, one worker and two workers, one after the other."""
    address = bench.address(EMPTY)
    operator = User.objects.get(username=NAME)
    rounds = bench.rounds()
    seen = []
    with ExitStack() as opened:
        workers = [opened.enter_context(worker(address)) for _ in range(2)]
        drive(workers, operator, PROCESSES_A_WORKER)
        for _ in rounds:
            bare = floor.one_connection(address, PROCESSES_A_WORKER, STEPS)
            singly, together = (floor.pgbench(address, clients=clients) for clients in (1, 2))
            one, _ = drive(workers[:1], operator, PROCESSES_A_WORKER)
            two, starts = drive(workers, operator, 2 * PROCESSES_A_WORKER)
            seen.append((bare, singly, together, one, two, starts))
    bares, singles, pairs, ones, twos, starts_a_second = zip(*seen, strict=True)
    quiet = rounds.quiet
    return [
        plain("engine: floor, one Python connection", "steps/s", bares, quiet),
        plain("engine: floor, pgbench with one client", "steps/s", singles, quiet),
        plain("engine: floor, pgbench with two clients", "steps/s", pairs, quiet),
        Row("engine: one worker", "steps/s", ones, singles, "pgbench 1", None, quiet),
        Row("engine: the same beside one connection", "steps/s", ones, bares, "psycopg", None, quiet),
        Row("engine: two workers", "steps/s", twos, pairs, "pgbench 2", budgets.ENGINE, quiet),
        plain("engine: starts by one caller", "/s", starts_a_second, quiet),
    ]


def drive(workers: Sequence[Worker], operator: User, count: int) -> tuple[float, float]:
    """Start so many processes, then let the workers have them: steps per second, and starts per second."""
    start_seconds = start(operator, count)
    for one in workers:
        one.begin()
    answers = [one.answer() for one in workers]
    assert sum(claims for claims, _ in answers) == count
    return count * STEPS / max(seconds for _, seconds in answers), count / start_seconds


def start(operator: User, count: int) -> float:
    """Start processes, out of reach of the workers until they are told to begin; the seconds it took."""
    began = time.perf_counter()
    for _ in range(count):
        processes.start(do_nothing_twenty_times.name, [], by=operator)
    return time.perf_counter() - began
