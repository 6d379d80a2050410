"""Empty django-q2's queue again and again, under load, while workers are killed: nothing may be lost.

./run faults broker --database postgres --broker redis --processes 1500 --seed 7
"""

import argparse
import logging
import random
import signal
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from itertools import cycle
from pathlib import Path
from typing import Self

from django.db import connection
from django.test import override_settings

from processes import actions
from processes.models import Process
from processes.workers import cluster
from tests.faults import evidence, fleet, redis_server, shapes
from tests.faults.fleet import Fleet, hit, wait_for_all_ends
from tests.faults.storm import march, somebody

WIPE_SECONDS = 1.0
KILL_SECONDS = 0.7


@dataclass(frozen=True)
class Report:
    processes: int
    wipes: int
    kills: int
    seconds: float

    def __str__(self) -> str:
        told = f"{self.processes} processes, the queue wiped {self.wipes} times, {self.kills} kills"
        return f"{told}, {self.seconds:.0f} s: 0 lost"


class Repeated(threading.Thread):
    """Does something every so many seconds, on a database connection of its own, until it is told to stop."""

    def __init__(self, seconds: float, act: Callable[[], object]) -> None:
        super().__init__(daemon=True)
        self.times = 0
        self._seconds, self._act = seconds, act
        self._enough = threading.Event()

    def run(self) -> None:
        try:
            while not self._enough.wait(self._seconds):
                self._act()
                self.times += 1
        finally:
            connection.close()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._enough.set()
        self.join()


@contextmanager
def wiped_table(folder: Path) -> Iterator[Callable[[], object]]:
    """Without Redis; how to wipe the queue."""
    with override_settings(REDIS_URL=""):
        yield cluster.forget_all


@contextmanager
def wiped_redis(folder: Path) -> Iterator[Callable[[], object]]:
    """With a Redis that loses everything."""
    with redis_server.running(folder) as server, override_settings(REDIS_URL=server.url):
        yield server.client.flushall


@contextmanager
def dying_redis(folder: Path) -> Iterator[Callable[[], object]]:
    """With a Redis that is killed, and is back at the next wipe."""
    with redis_server.running(folder) as server, override_settings(REDIS_URL=server.url):
        turns = cycle([server.kill, server.start])

        def turn() -> None:
            next(turns)()

        yield turn


BROKERS: Mapping[str, Callable[[Path], AbstractContextManager[Callable[[], object]]]] = {
    "table": wiped_table,
    "redis": wiped_redis,
    "dying-redis": dying_redis,
}


def wipe_under_load(folder: Path, processes: int, chance: random.Random, broker: str = "table") -> Report:
    with tempfile.TemporaryDirectory(prefix="redis-") as short, BROKERS[broker](Path(short)) as wipe:
        return _wipe_under_load(folder, processes, chance, wipe)


def _wipe_under_load(folder: Path, processes: int, chance: random.Random, wipe: Callable[[], object]) -> Report:
    world = shapes.world = shapes.FileWorld(folder / "effects", 0.01)
    person = somebody()
    began = time.monotonic()
    with (
        fleet.running(4, folder) as of,
        Repeated(WIPE_SECONDS, wipe) as wiper,
        Repeated(KILL_SECONDS, lambda: _kill_one(of, chance)) as killer,
    ):
        for number in range(processes):
            name, pages = march(10 * number)
            actions.start(name, pages, by=person)
        wait_for_all_ends()
    broken = evidence.broken_promises(world.all_calls())
    assert not broken, broken
    return Report(processes, wiper.times, killer.times, time.monotonic() - began)


def _kill_one(of: Fleet, chance: random.Random) -> None:
    if serving := of.serving():
        hit(chance.choice(serving).pid, signal.SIGKILL)


def main(arguments: Sequence[str], seed: int) -> int:
    parser = argparse.ArgumentParser(prog="broker")
    parser.add_argument("--processes", type=int, default=2000)
    parser.add_argument("--broker", choices=BROKERS)
    wanted = parser.parse_args(arguments)
    logging.disable(logging.WARNING)
    for broker in [wanted.broker] if wanted.broker else BROKERS:
        Process.objects.all().delete()
        with tempfile.TemporaryDirectory(prefix="orchestrator-faults-") as name:
            report = wipe_under_load(Path(name), wanted.processes, random.Random(seed), broker)
        print(f"{broker}: {report}")
    return 0
