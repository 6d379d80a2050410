"""Kill at random, under load: workers, supervisors, django-q2's own processes and clients; freeze, and cut connections.

    ./run faults storm --database postgres --kills 1000 --processes 10000 --seed 7

Clients are processes of the operating system too. They start under idempotency keys, and whoever had no answer asks
again. At the end every process must have come to its right end, once, and the effects outside must agree. A storm is
random in what the machine makes of it; its seed repeats what is done, not when.
"""

import argparse
import logging
import math
import random
import signal
import statistics
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from multiprocessing.process import BaseProcess
from multiprocessing.sharedctypes import RawValue
from pathlib import Path
from typing import Any

from django.contrib.auth.models import Group, User
from django.db import DatabaseError, connection

from processes import actions, store
from processes.engine.values.status import RunState, StepStatus
from processes.models import Idempotency, Process, Step
from processes.workers import liveness
from tests.faults import evidence, shapes
from tests.faults.fleet import Fleet, cut_a_connection, fork, hit, wait_for

STARTERS = 2
BACKLOG = 200
"""So many unfinished processes at most; clients wait then."""
STUCK_SECONDS = 90.0
FULL_SIZE = {"postgresql": (1000, 10_000), "sqlite": (300, 3_000)}


class Failure(Exception):
    """A promise was broken; the message says which."""


@dataclass(frozen=True)
class Plan:
    """How much of it. A lease is shorter than in production, so that freezes outlast it."""

    kills: int
    processes: int
    seed: int
    workers: int = 4
    lease_seconds: float = 3.0
    step_seconds: float = 0.002


@dataclass
class Report:
    """What was done, and how long it took."""

    plan: Plan
    done: Counter[str] = field(default_factory=Counter)
    seconds: float = 0.0
    effects: int = 0
    repeated: int = 0
    recoveries: list[float] = field(default_factory=list)

    @property
    def kills(self) -> int:
        return sum(times for what, times in self.done.items() if what.startswith("killed"))

    def __str__(self) -> str:
        plan, told = self.plan, ", ".join(f"{times} {what}" for what, times in self.done.most_common())
        return (
            f"{self.kills} kills, {plan.processes} processes, {self.seconds:.0f} s, seed {plan.seed}: {told}\n"
            f"0 lost, 0 committed twice, 0 wrong ends; {self.effects} effects, {self.repeated} of them repeats\n"
            f"from the kill of a worker to the next try of its process: {told_times(self.recoveries)}"
        )


def told_times(seconds: Sequence[float]) -> str:
    if len(seconds) < 2:
        return f"{len(seconds)} measured"
    cuts = statistics.quantiles(seconds, n=100, method="inclusive")
    return f"p50 {cuts[49]:.2f} s, p99 {cuts[98]:.2f} s, most {max(seconds):.2f} s of {len(seconds)}"


# Clients


def march(number: int) -> tuple[str, list[dict[str, str]]]:
    """The workflow and pages of the start so numbered."""
    if number % 10 == 3:
        return shapes.marching_and_asking.name, []
    if number % 10 == 7:
        return shapes.marching_with_a_lock.name, [{"thing": f"thing {number}"}]
    return shapes.marching.name, []


def start_all(plan: Plan, person: User, first: int, reached: Any) -> None:
    """Start every STARTERS-th process, from `reached` on, whatever happens to the connection."""
    while reached.value < plan.processes:
        if reached.value % 5 == first % 5:
            persist(wait_for_room)
        name, pages = march(reached.value)
        persist(partial(actions.start, name, pages, by=person, idempotency_key=f"storm {reached.value}"))
        reached.value += STARTERS


def wait_for_room() -> None:
    while Process.objects.unfinished().count() > BACKLOG:
        time.sleep(0.05)


def persist(act: Callable[[], object]) -> None:
    """What a client does that had no answer: ask again."""
    while True:
        try:
            act()
        except DatabaseError:
            connection.close()
            time.sleep(0.05)
        else:
            return


def help_all(person: User) -> None:
    """Answer and retry whatever waits for a person, for ever."""
    while True:
        persist(partial(help_once, person))
        time.sleep(0.2)


def help_once(person: User) -> None:
    waiting = Process.objects.filter(run_state=RunState.STOPPED).exclude(status="waiting")
    for process in waiting[:50]:
        idempotency_key = f"{process.pk} {process.position_path} {process.position_attempt}"
        with suppress(actions.Refused):
            actions.answer(
                process.pk,
                [{"word": "yes"}] * (process.status == "suspended"),
                by=person,
                idempotency_key=idempotency_key,
            )


# The storm


class Storm:
    """One storm over the database that this process is set up on."""

    def __init__(self, plan: Plan, folder: Path) -> None:
        self.plan = plan
        self.chance = random.Random(plan.seed)
        self.report = Report(plan)
        self.fleet = Fleet(plan.workers, folder, lease_seconds=plan.lease_seconds)
        self.world = shapes.FileWorld(folder / "effects", plan.step_seconds)
        self.person = somebody()
        self._clients: dict[int, BaseProcess] = {}
        self._reached = [RawValue("i", number) for number in range(STARTERS)]
        self._frozen: list[tuple[float, int]] = []
        self._killed: dict[str, float] = {}
        self._ended = 0

    def run(self) -> Report:
        """Raises Failure."""
        shapes.world = self.world
        began = time.monotonic()
        self.fleet.start()
        for number in range(STARTERS + 1):
            self._start_client(number)
        try:
            self._rage()
            self._calm_down()
        finally:
            self._end_all()
        self.report.seconds = time.monotonic() - began
        self._judge()
        return self.report

    def _start_client(self, number: int) -> None:
        if number == STARTERS:
            act = partial(help_all, self.person)
        else:
            act = partial(start_all, self.plan, self.person, number, self._reached[number])
        self._clients[number] = fork(act, self.fleet.log)

    def _rage(self) -> None:
        """Kill in step with what gets done, so that the last kill falls near the end."""
        looked_at = moved_at = time.monotonic()
        while self._ended < self.plan.processes or self.report.kills < self.plan.kills:
            now = time.monotonic()
            if now - looked_at > 0.2:
                looked_at = now
                before, self._ended = self._ended, Process.objects.filter(run_state=RunState.ENDED).count()
                moved_at = now if self._ended != before or self.report.kills < self._kills_due() else moved_at
            if now - moved_at > STUCK_SECONDS:
                raise Failure(f"Nothing has moved for {STUCK_SECONDS:g} seconds.\n{situation()}")
            self._thaw(now)
            if self.report.kills < self._kills_due():
                self._strike()
            time.sleep(self.chance.uniform(0.01, 0.06))

    def _kills_due(self) -> int:
        share = min(1.0, (self._ended + 10) / (0.95 * self.plan.processes))
        return math.ceil(self.plan.kills * share)

    def _strike(self) -> None:
        roll = self.chance.random()
        if roll < 0.74:
            self._kill_worker()
        elif roll < 0.79:
            self._kill_supervisor()
        elif roll < 0.84:
            self._kill_cluster_process()
        elif roll < 0.89:
            self._kill_client()
        elif roll < 0.95:
            self._freeze()
        elif connection.vendor == "postgresql" and cut_a_connection(self.chance):
            self.report.done["connections cut"] += 1

    def _kill_worker(self) -> None:
        serving = self.fleet.serving()
        if not serving:
            return
        victim = self.chance.choice(serving)
        if hit(victim.pid, signal.SIGKILL):
            self._killed[victim.pk] = time.time()
            self.report.done["killed workers"] += 1

    def _kill_supervisor(self) -> None:
        self.fleet.kill()
        self.report.done["killed supervisors"] += 1
        self.fleet.start()

    def _kill_cluster_process(self) -> None:
        """The guard, pusher or monitor of django-q2, or a worker that does not serve yet."""
        found = self.fleet.cluster()
        if found and hit(self.chance.choice(found), signal.SIGKILL):
            self.report.done["killed processes of the cluster"] += 1

    def _kill_client(self) -> None:
        number = self.chance.choice(sorted(self._clients))
        client = self._clients[number]
        if client.is_alive():
            client.kill()
            self.report.done["killed clients"] += 1
        client.join()
        self._start_client(number)

    def _freeze(self) -> None:
        """For less or more than a lease."""
        serving = self.fleet.serving()
        if not serving:
            return
        victim = self.chance.choice(serving)
        if hit(victim.pid, signal.SIGSTOP):
            seconds = self.chance.choice([0.3, 1.0, 1.5 * self.plan.lease_seconds])
            self._frozen.append((time.monotonic() + seconds, victim.pid))
            self.report.done["freezes"] += 1

    def _thaw(self, until: float) -> None:
        for when, pid in [one for one in self._frozen if one[0] <= until]:
            hit(pid, signal.SIGCONT)
            self._frozen.remove((when, pid))

    # The end

    def _calm_down(self) -> None:
        self._thaw(math.inf)
        wait_for(lambda: not Process.objects.unfinished().exists(), 30, "the end of every process")

    def _end_all(self) -> None:
        self._thaw(math.inf)
        for client in self._clients.values():
            client.kill()
            client.join()
        with suppress(Exception):
            self.fleet.stop()
        self.fleet.kill()

    def _judge(self) -> None:
        effects = self.world.all_calls()
        broken = evidence.broken_promises(effects)
        made = Process.objects.count()
        answered = Idempotency.objects.filter(operation__startswith="start:").count()
        if (made, answered) != (self.plan.processes, self.plan.processes):
            broken.append(f"{self.plan.processes} were asked for, {answered} answered and {made} made")
        if broken:
            raise Failure("\n".join([f"seed {self.plan.seed}", *broken[:20]]))
        self.report.effects, self.report.repeated = effects.total(), effects.total() - len(effects)
        self.report.recoveries = recoveries(self._killed)


def recoveries(killed: dict[str, float]) -> list[float]:
    """Seconds from each kill of a worker that held a process until that process was tried again."""
    crashed = Step.objects.filter(status=StepStatus.CRASHED, worker__in=killed)
    found = []
    for process_id, number, worker in crashed.values_list("process_id", "pk", "worker"):
        after = Step.objects.filter(process_id=process_id, pk__gt=number).order_by("pk").first()
        if after is not None and after.status != StepStatus.ABORT:
            found.append(max(0.0, after.started_at.timestamp() - killed[worker]))
    return found


def somebody() -> User:
    """A person who may do what clients do."""
    person, _ = User.objects.get_or_create(username="storm")
    person.groups.set([Group.objects.get_or_create(name="operator")[0]])
    return person


def situation() -> str:
    """What the rows say when nothing moves."""
    rows = Process.objects.unfinished().values_list("run_state", "status", "position_path", "leased_by")
    counted = Counter(rows).most_common(10)
    workers = [(one.pk, liveness.is_alive(one)) for one in liveness.workers_of_this_host()]
    return f"processes: {counted}\nworkers: {workers}\nnext ready in: {store.next_moment()}"


def main(arguments: Sequence[str], seed: int) -> int:
    kills, processes = FULL_SIZE[connection.vendor]
    parser = argparse.ArgumentParser(prog="storm")
    parser.add_argument("--kills", type=int, default=kills)
    parser.add_argument("--processes", type=int, default=processes)
    parser.add_argument("--workers", type=int, default=4)
    wanted = parser.parse_args(arguments)
    logging.disable(logging.WARNING)
    with tempfile.TemporaryDirectory(prefix="orchestrator-faults-") as name:
        storm = Storm(Plan(wanted.kills, wanted.processes, seed, wanted.workers), Path(name))
        try:
            print(storm.run())
        except Exception:
            print(storm.fleet.log.read_text()[-6000:])
            raise
    return 0
