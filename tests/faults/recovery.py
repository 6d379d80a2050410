"""How soon work goes on: after idle workers are killed, and after the one is killed that runs a step.

./run faults recovery --database postgres --idle 200 --busy 100 --seed 7
"""

import argparse
import logging
import random
import signal
import statistics
import tempfile
import time
from collections.abc import Sequence
from functools import partial
from pathlib import Path

from django.contrib.auth.models import User

from processes import actions
from processes.models import Process, Worker
from tests.faults import evidence, fleet, shapes
from tests.faults.fleet import Fleet, hit, wait_for
from tests.faults.storm import recoveries, somebody, told_times

WORKERS = 2
IDLE_LIMIT, IDLE_MEDIAN = 5.0, 2.0
BUSY_P99, BUSY_MEDIAN = 5.0, 1.0


class TooSlow(Exception):
    """Work went on, but later than promised."""


def kill_idle(of: Fleet, person: User, times: int, chance: random.Random) -> list[float]:
    """Kill some of the workers while nothing is to be done; the seconds from each start after it to its end."""
    return [_kill_idle_once(of, person, chance) for _ in range(times)]


def _kill_idle_once(of: Fleet, person: User, chance: random.Random) -> float:
    wait_for(of.is_full, what="a full fleet")
    serving = of.serving()
    for victim in chance.sample(serving, chance.randint(1, len(serving))):
        hit(victim.pid, signal.SIGKILL)
    process = actions.start(shapes.straight.name, [], by=person)
    return wait_for(partial(has_ended, process), what=f"the end of {process}")


def kill_busy(of: Fleet, person: User, times: int, chance: random.Random) -> list[float]:
    """Kill the worker that runs a step; the seconds from each kill to the next try of that step."""
    killed: dict[str, float] = {}
    for _ in range(times):
        wait_for(of.is_full, what="a full fleet")
        process = actions.start(shapes.straight.name, [], by=person)
        wait_for(partial(is_under_way, process), what=f"the begin of {process}")
        time.sleep(chance.uniform(0, 0.2))
        _kill_owner(process, killed)
        wait_for(partial(has_ended, process), what=f"the end of {process}")
    return recoveries(killed)


def _kill_owner(process: Process, killed: dict[str, float]) -> None:
    process.refresh_from_db()
    owner = Worker.objects.filter(pk=process.leased_by).first()
    if owner is not None and hit(owner.pid, signal.SIGKILL):
        killed[owner.pk] = time.time()


def is_under_way(process: Process) -> bool:
    process.refresh_from_db()
    return bool(process.leased_by)


def has_ended(process: Process) -> bool:
    process.refresh_from_db()
    return process.is_ended


def measure(folder: Path, idle: int, busy: int, chance: random.Random) -> tuple[list[float], list[float]]:
    """Both, with a fleet of their own; afterwards nothing is lost, repeated or wrong. Seconds."""
    world = shapes.world = shapes.FileWorld(folder / "effects", 0.1)
    person = somebody()
    with fleet.running(WORKERS, folder) as of:
        answer = kill_idle(of, person, idle, chance), kill_busy(of, person, busy, chance)
    broken = evidence.broken_promises(world.all_calls())
    assert not broken, broken
    return answer


def check(idle: Sequence[float], busy: Sequence[float]) -> None:
    """Raises TooSlow."""
    if max(idle) > IDLE_LIMIT or statistics.median(idle) > IDLE_MEDIAN:
        raise TooSlow(f"After the death of idle workers: {told_times(idle)}")
    if statistics.quantiles(busy, n=100, method="inclusive")[98] > BUSY_P99 or statistics.median(busy) > BUSY_MEDIAN:
        raise TooSlow(f"After the death of busy workers: {told_times(busy)}")


def main(arguments: Sequence[str], seed: int) -> int:
    parser = argparse.ArgumentParser(prog="recovery")
    parser.add_argument("--idle", type=int, default=200)
    parser.add_argument("--busy", type=int, default=100)
    wanted = parser.parse_args(arguments)
    logging.disable(logging.WARNING)
    with tempfile.TemporaryDirectory(prefix="orchestrator-faults-") as name:
        idle, busy = measure(Path(name), wanted.idle, wanted.busy, random.Random(seed))
    print(f"from the death of idle workers to the end of a process of 4 steps of 0.1 s: {told_times(idle)}")
    print(f"from the death of a worker to the next try of its step: {told_times(busy)}")
    check(idle, busy)
    return 0
