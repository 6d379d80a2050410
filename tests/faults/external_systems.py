"""A slow and a dead external system, under real workers that are killed: limits hold, nobody else waits, no storm.

./run faults external_systems --database postgres --processes 500 --kills 60 --seed 7
"""

import argparse
import logging
import random
import signal
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.contrib.auth.models import User
from django.db.models import Sum

from processes import actions
from processes.models import ExternalSystem, Process
from processes.plugins import registry
from processes.queries.invariants import violations
from tests.faults import fleet
from tests.faults.fake_external_system import WORKFLOWS, begin_world
from tests.faults.fleet import Fleet, hit, wait_for
from tests.faults.storm import somebody

WORKERS = 4
DRAIN_LIMIT = 20.0


@dataclass(frozen=True)
class Killed:
    """Kills under load: how many, and the most calls that ran at once."""

    processes: int
    kills: int
    most_at_once: int

    def __str__(self) -> str:
        return f"{self.processes} processes, {self.kills} kills: at most {self.most_at_once} calls at once"


@dataclass(frozen=True)
class Outage:
    """A dead system: the calls that came to it meanwhile, all claims, and seconds until all was done after it."""

    processes: int
    calls: int
    bound: int
    claims: int
    drained: float

    def __str__(self) -> str:
        told = f"{self.processes} processes waited, {self.calls} calls in the outage (at most {self.bound})"
        return f"{told}, {self.claims} claims in all, done {self.drained:.1f} s after it"


def limit(**columns: object) -> None:
    ExternalSystem.objects.update_or_create(name="inventory", defaults={"cool_down_seconds": 1.0, **columns})


def start(name: str, count: int, person: User) -> list[Process]:
    return [actions.start(name, [], by=person) for _ in range(count)]


def left(processes: Sequence[Process]) -> int:
    return Process.objects.unfinished().filter(pk__in=[one.pk for one in processes]).count()


def keep_the_limit(folder: Path, processes: int, kills: int, max_concurrent: int, chance: random.Random) -> Killed:
    """Kill workers in the middle of their calls: their slots are free again, and never too many are taken."""
    world = begin_world(folder, 0.02)
    person, killed = somebody(), dict[int, float]()
    limit(max_concurrent=max_concurrent, failure_threshold=None)
    with fleet.running(WORKERS, folder) as of:
        begun = start("call_twice", processes, person)
        for _ in range(kills):
            wait_for(of.is_full, what="a full fleet")
            _kill_one(of, killed, chance)
        wait_for(lambda: left(begun) == 0, 120, "the end of every process")
    _all_is_well(begun)
    most = world.most_at_once(killed)
    assert most <= max_concurrent, f"{most} calls at once, and at most {max_concurrent} may run"
    return Killed(processes, len(killed), most)


def _kill_one(of: Fleet, killed: dict[int, float], chance: random.Random) -> None:
    time.sleep(chance.uniform(0, 0.1))
    victim = chance.choice(of.serving())
    if hit(victim.pid, signal.SIGKILL):
        wait_for(lambda: victim.pid not in {one.pid for one in of.serving()}, what="the death of a worker")
        killed[victim.pid] = time.monotonic()


def pass_by(folder: Path, slow: int, others: int) -> int:
    """Many that wait for a slow system, then some that need none: how many of the slow are left when those are done."""
    begin_world(folder, 0.2)
    person = somebody()
    limit(max_concurrent=2, failure_threshold=None)
    with fleet.running(WORKERS, folder):
        waiting = start("call_once", slow, person)
        quick = start("only_compute", others, person)
        wait_for(lambda: left(quick) == 0, 60, "the end of those that call nobody")
        still = left(waiting)
        wait_for(lambda: left(waiting) == 0, 120, "the end of the others")
    _all_is_well([*waiting, *quick])
    return still


def endure(folder: Path, processes: int, seconds: float) -> Outage:
    """The system is down for so long while many want to call it."""
    world = begin_world(folder, 0.01)
    person, max_concurrent, failure_threshold, cool_down_seconds = somebody(), WORKERS, 5, 1.0
    limit(max_concurrent=max_concurrent, failure_threshold=failure_threshold, cool_down_seconds=cool_down_seconds)
    world.go_down()
    with fleet.running(WORKERS, folder):
        began = time.monotonic()
        begun = start("call_once", processes, person)
        time.sleep(max(0.0, began + seconds - time.monotonic()))
        lasted = time.monotonic() - began
        world.come_up()
        drained = wait_for(lambda: left(begun) == 0, 120, "the end of every process")
    _all_is_well(begun)
    bound = failure_threshold - 1 + max_concurrent + int(lasted / cool_down_seconds) + 1
    calls = world.failures()
    assert calls <= bound, f"{calls} calls came to a dead system; at most {bound} may"
    claims = Process.objects.filter(pk__in=[one.pk for one in begun]).aggregate(n=Sum("fence"))["n"]
    return Outage(processes, calls, bound, claims, drained)


def _all_is_well(begun: Sequence[Process]) -> None:
    statuses = set(Process.objects.filter(pk__in=[one.pk for one in begun]).values_list("status", flat=True))
    assert statuses == {"completed"}, statuses
    assert [str(one) for one in violations()] == []


def main(arguments: Sequence[str], seed: int) -> int:
    parser = argparse.ArgumentParser(prog="./run faults external_systems")
    parser.add_argument("--processes", type=int, default=500)
    parser.add_argument("--kills", type=int, default=60)
    parser.add_argument("--outage", type=float, default=10.0, help="seconds")
    wanted = parser.parse_args(arguments)
    logging.disable(logging.ERROR)
    settings.WORKFLOW_MODULES = [WORKFLOWS]
    registry.reload()
    with tempfile.TemporaryDirectory() as first, tempfile.TemporaryDirectory() as second:
        print(keep_the_limit(Path(first), wanted.processes, wanted.kills, 2, random.Random(seed)))
        print(f"{pass_by(Path(second), 200, 20)} of 200 slow processes were left when 20 others were done")
    with tempfile.TemporaryDirectory() as third:
        outage = endure(Path(third), wanted.processes, wanted.outage)
        print(outage)
    assert outage.drained < DRAIN_LIMIT, f"not done {DRAIN_LIMIT:g} s after the outage"
    return 0
