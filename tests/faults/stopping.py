"""Stop the workers in each way a host does it, under load: in time, with nobody left behind and nothing lost.

./run faults stopping --database postgres --rounds 20 --seed 7
"""

import argparse
import logging
import os
import random
import signal
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path

from django.contrib.auth.models import User

from processes import actions, liveness, supervisor
from processes.engine.status import RunState
from processes.models import Process
from tests.faults import evidence, fleet, shapes
from tests.faults.fleet import Fleet, descendants, wait_for
from tests.faults.storm import march, somebody

STOP_SECONDS = supervisor.GRACE_SECONDS + 2
ORPHAN_SECONDS = 1.0
LOAD = 12


def to_the_supervisor(of: Fleet) -> None:
    of.supervisor.terminate()


def to_its_group(of: Fleet) -> None:
    os.killpg(of.supervisor.pid or 0, signal.SIGTERM)


def to_all_of_them(of: Fleet) -> None:
    """As systemd does by default."""
    for pid in [of.supervisor.pid or 0, *descendants(of.supervisor.pid or 0)]:
        fleet.hit(pid, signal.SIGTERM)


def kill_the_supervisor(of: Fleet) -> None:
    of.supervisor.kill()


WAYS: Mapping[str, Callable[[Fleet], None]] = {
    one.__name__: one for one in (to_the_supervisor, to_its_group, to_all_of_them, kill_the_supervisor)
}


def stop_under_load(folder: Path, way: str, person: User, chance: random.Random) -> float:
    """Start some processes and stop everything in the middle; the seconds until the supervisor had ended."""
    with fleet.running(2, folder) as of:
        for number in range(LOAD):
            name, pages = march(10 * number)
            actions.start(name, pages, by=person)
        time.sleep(chance.uniform(0, 0.5))
        family = [(pid, liveness.start_of(pid)) for pid in descendants(of.supervisor.pid or 0)]
        WAYS[way](of)
        seconds = wait_for(lambda: not of.supervisor.is_alive(), STOP_SECONDS, f"the end after {way}")
        wait_for(partial(all_gone, family), ORPHAN_SECONDS, f"the end of all children after {way}")
    if way in {"to_the_supervisor", "to_its_group"}:
        held = Process.objects.filter(run_state=RunState.RUNNING).count()
        assert held == 0, f"{held} processes were not handed back"
    return seconds


def all_gone(family: Sequence[tuple[int, int | None]]) -> bool:
    return not any(started is not None and liveness.start_of(pid) == started for pid, started in family)


def finish(folder: Path) -> None:
    """Whatever was left lying is brought to its end by whoever comes next."""
    with fleet.running(2, folder):
        wait_for(lambda: not Process.objects.unfinished().exists(), 60, "the end of every process")


def stop_in_every_way(folder: Path, rounds: int, chance: random.Random) -> dict[str, float]:
    """Each way so many times; the longest it took, in seconds."""
    world = shapes.world = shapes.FileWorld(folder / "effects", 0.05)
    person = somebody()
    longest = {way: max(stop_under_load(folder, way, person, chance) for _ in range(rounds)) for way in WAYS}
    finish(folder)
    broken = evidence.broken_promises(world.all_calls())
    assert not broken, broken
    return longest


def main(arguments: Sequence[str], seed: int) -> int:
    parser = argparse.ArgumentParser(prog="stopping")
    parser.add_argument("--rounds", type=int, default=20)
    wanted = parser.parse_args(arguments)
    logging.disable(logging.WARNING)
    with tempfile.TemporaryDirectory(prefix="orchestrator-faults-") as name:
        for way, seconds in stop_in_every_way(Path(name), wanted.rounds, random.Random(seed)).items():
            print(f"{wanted.rounds} times SIGTERM or SIGKILL {way}: {seconds:.1f} s at most of {STOP_SECONDS:g} s")
    return 0
