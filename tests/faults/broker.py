"""Empty django-q2's queue again and again, under load, while workers are killed: nothing may be lost.

./run faults broker --database postgres --processes 1500 --seed 7
"""

import argparse
import logging
import random
import signal
import tempfile
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from django.db import connection

from processes import actions, queue
from processes.models import Process
from tests.faults import evidence, fleet, shapes
from tests.faults.fleet import Fleet, hit, wait_for
from tests.faults.storm import march, somebody

WIPE_SECONDS = 1.0
KILL_SECONDS = 3.0


@dataclass(frozen=True)
class Report:
    processes: int
    wipes: int
    kills: int
    seconds: float

    def __str__(self) -> str:
        told = f"{self.processes} processes, the queue wiped {self.wipes} times, {self.kills} kills"
        return f"{told}, {self.seconds:.0f} s: 0 lost"


class Wiper(threading.Thread):
    """Empties the queue every second, on a connection of its own."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.wipes = 0
        self._enough = threading.Event()

    def run(self) -> None:
        try:
            while not self._enough.wait(WIPE_SECONDS):
                queue.forget_all()
                self.wipes += 1
        finally:
            connection.close()

    def stop(self) -> None:
        self._enough.set()
        self.join()


def wipe_under_load(folder: Path, processes: int, chance: random.Random) -> Report:
    world = shapes.world = shapes.FileWorld(folder / "effects", 0.01)
    person = somebody()
    began = time.monotonic()
    with fleet.running(4, folder) as of:
        wiper = Wiper()
        wiper.start()
        kills, killed_at = 0, time.monotonic()
        for number in range(processes):
            name, pages = march(10 * number)
            actions.start(name, pages, by=person)
            if time.monotonic() - killed_at > KILL_SECONDS:
                killed_at = time.monotonic()
                kills += _kill_one(of, chance)
        wait_for(lambda: not Process.objects.unfinished().exists(), 60, "the end of every process")
        wiper.stop()
    broken = evidence.broken_promises(world.all_calls())
    assert not broken, broken
    return Report(processes, wiper.wipes, kills, time.monotonic() - began)


def _kill_one(of: Fleet, chance: random.Random) -> int:
    serving = of.serving()
    return int(bool(serving) and hit(chance.choice(serving).pid, signal.SIGKILL))


def main(arguments: Sequence[str], seed: int) -> int:
    parser = argparse.ArgumentParser(prog="broker")
    parser.add_argument("--processes", type=int, default=2000)
    wanted = parser.parse_args(arguments)
    logging.disable(logging.WARNING)
    with tempfile.TemporaryDirectory(prefix="orchestrator-faults-") as name:
        print(wipe_under_load(Path(name), wanted.processes, random.Random(seed)))
    return 0
