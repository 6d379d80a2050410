"""The engine loop: steps per second of one and of two workers against the floor, in interleaved rounds."""

import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass

from django.contrib.auth.models import User

from processes import actions
from tests.benchmarks import floor, machine, stack
from tests.benchmarks.options import Options
from tests.benchmarks.report import Row, plain
from tests.benchmarks.workflows import STEPS, do_nothing_twenty_times

PROCESSES_A_WORKER = 60


@dataclass(frozen=True)
class Rates:
    """Committed steps per second, medians over the rounds; ratios are medians of the rounds' ratios."""

    floor: float
    one: float
    two: float
    one_ratio: float
    two_ratio: float
    starts: float


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


def measure(address: str, options: Options) -> list[Row]:
    rates = rates_of(address, options.rounds)
    return [
        plain("engine: the floor, one durable statement a step", rates.floor, "steps/s"),
        Row("engine: one worker", rates.one, "steps/s", rates.floor, rates.one_ratio, at_least=0.4),
        Row("engine: two workers", rates.two, "steps/s", rates.floor, rates.two_ratio, at_least=0.6),
        plain("engine: starts by one caller", rates.starts, "/s"),
    ]


def rates_of(address: str, rounds: int) -> Rates:
    """Each round measures the floor, one worker and two workers, one after the other."""
    operator = stack.an_operator()
    with ExitStack() as opened:
        workers = [opened.enter_context(worker(address)) for _ in range(2)]
        drive(workers, operator, PROCESSES_A_WORKER)
        seen = []
        for _ in range(rounds):
            bare = floor.measure(address, PROCESSES_A_WORKER, STEPS)
            one, _ = drive(workers[:1], operator, PROCESSES_A_WORKER)
            two, starts = drive(workers, operator, 2 * PROCESSES_A_WORKER)
            seen.append((bare, one, two, one / bare, two / bare, starts))
    return Rates(*(statistics.median(column) for column in zip(*seen, strict=True)))


def drive(workers: list[Worker], operator: User, count: int) -> tuple[float, float]:
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
        actions.start(do_nothing_twenty_times.name, [], by=operator)
    return time.perf_counter() - began
