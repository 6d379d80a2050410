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

from processes import actions
from processes.engine.values.status import RunState, StepStatus
from processes.models import Process, Step
from processes.workers import liveness, supervisor
from tests.faults import evidence, fleet, shapes
from tests.faults.fleet import Fleet, descendants, wait_for
from tests.faults.recovery import is_under_way
from tests.faults.storm import march, somebody

WORKERS = 2
IMPATIENT_SECONDS = 0.2
SLACK_SECONDS = 2.0
"""How much longer than its grace a stop may take."""
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


def twice(way: Callable[[Fleet], None]) -> Callable[[Fleet], None]:
    """As by somebody who loses patience."""

    def act(of: Fleet) -> None:
        way(of)
        time.sleep(IMPATIENT_SECONDS)
        way(of)

    return act


def kill_the_supervisor(of: Fleet) -> None:
    of.supervisor.kill()


GENTLE: Mapping[str, Callable[[Fleet], None]] = {
    "to_the_supervisor": to_the_supervisor,
    "to_the_supervisor_twice": twice(to_the_supervisor),
    "to_its_group": to_its_group,
    "to_its_group_twice": twice(to_its_group),
    "to_all_of_them": to_all_of_them,
    "to_all_of_them_twice": twice(to_all_of_them),
}
"""By SIGTERM: what runs is taken back, and nobody counts a crash."""
WAYS: Mapping[str, Callable[[Fleet], None]] = {**GENTLE, "kill_the_supervisor": kill_the_supervisor}


def stop_under_load(folder: Path, way: str, person: User, chance: random.Random, *, dawdlers: int) -> float:
    """Start some processes and stop everything in the middle; the seconds until the supervisor had ended.

    So many of the workers are in a step that outlasts the grace of the stop.
    """
    with fleet.running(WORKERS, folder) as of:
        slow = [actions.start(shapes.dawdling.name, [], by=person) for _ in range(dawdlers)]
        wait_for(lambda: all(is_under_way(one) for one in slow), what="the begin of a slow step")
        for number in range(LOAD):
            name, pages = march(10 * number)
            actions.start(name, pages, by=person)
        time.sleep(chance.uniform(0, 0.5))
        family = [(pid, liveness.start_of(pid)) for pid in descendants(of.supervisor.pid or 0)]
        crashes = counted_crashes()
        WAYS[way](of)
        seconds = wait_for(lambda: not of.supervisor.is_alive(), stop_seconds(), f"the end after {way}")
        wait_for(partial(all_gone, family), ORPHAN_SECONDS, f"the end of all children after {way}")
    if way in GENTLE:
        held = Process.objects.filter(run_state=RunState.RUNNING).count()
        assert held == 0, f"{held} processes were not taken back"
        assert counted_crashes() == crashes, f"{way} was taken for a crash"
    return seconds


def stop_seconds() -> float:
    """The most that a stop may take."""
    return supervisor.GRACE_SECONDS + SLACK_SECONDS


def counted_crashes() -> int:
    return Step.objects.filter(status=StepStatus.CRASHED, error__class="WorkerCrashed").count()


def all_gone(family: Sequence[tuple[int, int | None]]) -> bool:
    return not any(started is not None and liveness.start_of(pid) == started for pid, started in family)


def finish(folder: Path) -> None:
    """Whatever was left lying is brought to its end by whoever comes next."""
    with fleet.running(WORKERS, folder):
        wait_for(lambda: not Process.objects.unfinished().exists(), 60, "the end of every process")


def stop_in_each_way(folder: Path, ways: Sequence[str], rounds: int, chance: random.Random) -> dict[str, float]:
    """Each of these ways so many times, with none, one or two dawdlers; the longest it took, in seconds."""
    world = shapes.world = shapes.FileWorld(folder / "effects", 0.05)
    person = somebody()
    longest = {
        way: max(
            stop_under_load(folder, way, person, chance, dawdlers=(place + number) % 3) for number in range(rounds)
        )
        for place, way in enumerate(ways)
    }
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
        for way, seconds in stop_in_each_way(Path(name), list(WAYS), wanted.rounds, random.Random(seed)).items():
            print(f"{wanted.rounds} times SIGTERM or SIGKILL {way}: {seconds:.1f} s at most of {stop_seconds():g} s")
    return 0
