"""Seeded schedules of workers, operators and faults against the real statements, on SQLite in memory.

Workers are coroutines that hand over at every named place outside of a transaction; inside one they can only die
there. The last part of each schedule has no faults: then everything must end, and the rows must hold together.

    python -m tests.faults.simulation --from 0 --count 1000 [--plant M1]

One schedule: `--from SEED --count 1 --verbose`.
"""

import argparse
import logging
import os
import random
import sys
import time
from collections import Counter
from contextlib import nullcontext
from datetime import timedelta
from uuid import UUID

os.environ.setdefault("DATABASE_URL", "sqlite://:memory:")
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "orchestrator_site.settings.test")
os.environ.setdefault("WORKFLOW_MODULES", "tests.faults.shapes")

import django
from greenlet import greenlet

django.setup()

from django.contrib.auth.models import Group, User
from django.core.management import call_command
from django.db import connection

from processes import actions, clock, crashpoints, registry, rescue, runtime, store
from processes.forms import FormError
from processes.invariants import violations
from processes.models import Notification, Process, Step
from tests.faults import shapes
from tests.faults.plants import plant

WORKERS = 3
PROCESSES = 2
FAULTY_TICKS = 45
LAST_TICKS = 600
BATCH = 25


class Died(BaseException):
    """A process of the operating system is gone, in the middle of whatever it did."""


class Found(Exception):
    """The engine broke a promise; the seed tells how."""


class Worker:
    """A worker of the simulation: a coroutine, alive until it is killed."""

    def __init__(self, simulation: "Simulation", name: str) -> None:
        self.name = name
        self.stalled_until = 0
        self.routine = greenlet(self._work)
        self._simulation = simulation

    def _work(self) -> None:
        while True:
            claim = store.claim(self.name)
            if claim is not None:
                runtime.drive(claim, self._simulation.is_stopping, lambda claim: nullcontext())
            self._simulation.scheduler.switch("idle")

    def run(self) -> None:
        self.routine.switch()

    def kill(self) -> None:
        """End it where it stands; its transaction, if it is in one, is rolled back on the way out."""
        if self.routine:
            try:
                self.routine.throw(Died)
            except Died:
                return


class Simulation:
    """One schedule."""

    def __init__(self, seed: int, person: User, *, verbose: bool = False) -> None:
        self.seed = seed
        self.chance = random.Random(seed)
        self.person = person
        self.verbose = verbose
        self.scheduler = greenlet.getcurrent()
        self.tick = 0
        self.made = 0
        self.workers: list[Worker] = []
        self.dead: list[str] = []
        self.processes: dict[UUID, str] = {}
        self.faulty = True
        self.once: list[tuple[str, str, list[dict[str, str]]]] = []

    def run(self) -> None:
        crashpoints.listen(self.at)
        shapes.world.interrupt = self.inside
        try:
            self._hire()
            self._start_some()
            while self.tick < FAULTY_TICKS:
                self._tick(self._faulty_act)
            self.faulty = False
            self._until_the_end()
        finally:
            for worker in self.workers:
                worker.kill()
            crashpoints.listen(None)
            shapes.world.interrupt = lambda place: None

    # What workers come to

    def at(self, point: str) -> None:
        if connection.in_atomic_block or greenlet.getcurrent() is self.scheduler:
            self.inside(point)
            return
        self.say(f"{greenlet.getcurrent()} at {point}")
        self.scheduler.switch(point)

    def inside(self, place: str) -> None:
        """Die here now and then."""
        if self.faulty and self.chance.random() < 0.03:
            self.say(f"dies at {place}")
            raise Died(place)

    def is_stopping(self) -> bool:
        return self.faulty and self.chance.random() < 0.1

    # What happens

    def _tick(self, act: object) -> None:
        self.tick += 1
        act()  # type: ignore[operator]

    def _faulty_act(self) -> None:
        roll = self.chance.random()
        if roll < 0.70:
            self._run_one()
        elif roll < 0.74:
            self._kill_one()
        elif roll < 0.78:
            self._stall_one()
        elif roll < 0.84:
            clock.advance(timedelta(seconds=self.chance.choice([1, 6, 20, 40])))
        elif roll < 0.90:
            self._rescue()
        else:
            self._operate()

    def _run_one(self) -> None:
        able = [one for one in self.workers if one.stalled_until <= self.tick]
        if not able:
            return
        worker = self.chance.choice(able)
        try:
            worker.run()
        except Died:
            self._bury(worker)

    def _kill_one(self) -> None:
        worker = self.chance.choice(self.workers)
        self.say(f"kill {worker.name}")
        worker.kill()
        self._bury(worker)

    def _stall_one(self) -> None:
        """Frozen, as by SIGSTOP: its lease may run out meanwhile, and it will come back."""
        self.chance.choice(self.workers).stalled_until = self.tick + self.chance.randint(3, 25)

    def _bury(self, worker: Worker) -> None:
        self.workers.remove(worker)
        self.dead.append(worker.name)
        self._hire()

    def _hire(self) -> None:
        while len(self.workers) < WORKERS:
            self.made += 1
            self.workers.append(Worker(self, f"{self.seed}-worker-{self.made}"))

    def _rescue(self) -> None:
        self._as_somebody(self._rescue_now)

    def _rescue_now(self) -> None:
        if self.dead and self.chance.random() < 0.7:
            rescue.rescue_from(self.dead)
            self.dead.clear()
        rescue.rescue_expired()

    def _operate(self) -> None:
        self._as_somebody(
            self.chance.choice([self._start_one, self._repeat_start, self._abort, self._mend, self._mend])
        )

    def _as_somebody(self, act: object) -> None:
        """A web process or a supervisor, which may die as well."""
        try:
            act()  # type: ignore[operator]
        except Died:
            return
        except (actions.NotPossible, FormError):
            return

    def _start_some(self) -> None:
        for _ in range(PROCESSES):
            self._as_somebody(self._start_one)

    def _start_one(self) -> None:
        if len(self.processes) >= PROCESSES + 1:
            return
        name = self.chance.choice(sorted(shapes.SHAPES))
        pages = [{"thing": f"thing-{self.seed}-{self.chance.randint(0, 1)}"}] if name == "locking" else []
        once = f"{self.seed}-{self.chance.random()}"
        self.once.append((name, once, pages))
        process = actions.start(name, pages, by=self.person, once=once)
        self.processes[process.pk] = name

    def _repeat_start(self) -> None:
        """A client that had no answer asks again."""
        if self.once:
            name, once, pages = self.chance.choice(self.once)
            process = actions.start(name, pages, by=self.person, once=once)
            self.processes[process.pk] = name

    def check_starts(self) -> None:
        """Each request made one process at most."""
        if len(self.processes) > len(self.once):
            raise Found(f"seed {self.seed}: {len(self.once)} starts made {len(self.processes)} processes")

    def _abort(self) -> None:
        if self.processes and self.chance.random() < 0.3:
            actions.abort(self._any(), by=self.person, once=f"{self.seed}-{self.chance.random()}")

    def _mend(self) -> None:
        """What a person would do: answer, or try again."""
        if self.processes:
            actions.resume(self._any(), [{"word": "yes"}], by=self.person, once=f"{self.seed}-{self.chance.random()}")

    def _any(self) -> UUID:
        return self.chance.choice(sorted(self.processes))

    # The end

    def _until_the_end(self) -> None:
        """No faults any more: everything must come to its end."""
        for worker in self.workers:
            worker.stalled_until = 0
        clock.advance(timedelta(seconds=store.LEASE_SECONDS + 1))
        rescue.rescue_from(self.dead)
        rescue.rescue_expired()
        for number in range(LAST_TICKS):
            self._tick(self._run_one)
            if number % 12 == 0:
                clock.advance(timedelta(seconds=6))
                stopped, others = self._open()
                if not stopped and not others:
                    return
                for process_id in stopped:
                    self._as_somebody(lambda one=process_id: actions.resume(one, [{"word": "yes"}], by=self.person))
        left = list(Process.objects.unfinished().values_list("workflow_name", "run_state", "status"))
        raise Found(f"not ended: {left}")

    def _open(self) -> tuple[list[UUID], list[UUID]]:
        """Those that wait for a person, and the others that have not ended."""
        rows = Process.objects.unfinished().values_list("pk", "run_state")
        stopped = [process_id for process_id, run_state in rows if run_state == "waiting"]
        return stopped, [process_id for process_id, run_state in rows if run_state != "waiting"]

    def say(self, what: str) -> None:
        if self.verbose:
            print(f"{self.tick:4} {what}")


def check(simulations: list[Simulation]) -> None:
    """The promises, over everything that a batch of schedules has left behind."""
    broken = violations()
    if broken:
        raise Found("; ".join(map(str, broken[:5])))
    processes = Process.objects.in_bulk()
    for one in simulations:
        one.check_starts()
    tries = Counter[tuple[UUID, str]]()
    for process_id, path in Step.objects.values_list("process_id", "path"):
        tries[process_id, path] += 1
    rows = Counter(Notification.objects.values_list("title", flat=True))
    for process in processes.values():
        if process.status == "completed":
            _check_result(process, rows)
    for key, calls in shapes.world.calls.items():
        about, path, _ = key.split("/")
        process = processes[UUID(about)]
        allowed = tries[process.pk, path] + (process.status == "aborted")
        if calls > allowed:
            raise Found(f"{key} had {calls} effects in {allowed} tries")


def _check_result(process: Process, rows: Counter[str]) -> None:
    state = store.load(process.pk).state.as_dict()
    expected = shapes.EXPECTED[process.workflow_name]
    if state.get("done") != expected:
        raise Found(f"{process} ended with {state.get('done')} instead of {expected}")
    if process.workflow_name == "writing":
        written = {key: count for key, count in rows.items() if key.startswith(str(process.pk))}
        if written != {f"{process.pk}/row-0/1": 1, f"{process.pk}/row-1/1": 1}:
            raise Found(f"{process} wrote {written}")


def clean() -> None:
    """Nothing is left of a batch."""
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA foreign_keys=OFF")
        for table in connection.introspection.table_names(cursor):
            if table.startswith("processes_") and table not in {"processes_workflow", "processes_workflowversion"}:
                cursor.execute(f'DELETE FROM "{table}"')
        cursor.execute("PRAGMA foreign_keys=ON")
    shapes.world.calls.clear()


def prepare() -> User:
    call_command("migrate", verbosity=0)
    registry.sync_definitions()
    person = User.objects.create_user("simulated")
    person.groups.add(Group.objects.get_or_create(name="operator")[0])
    return person


def run_batch(seeds: range, person: User, *, verbose: bool = False) -> None:
    """Run and check some schedules; on a fault find the seed and raise Found with it."""
    simulations = []
    for seed in seeds:
        simulation = Simulation(seed, person, verbose=verbose)
        try:
            simulation.run()
        except Exception as error:
            raise Found(f"seed {seed}: {type(error).__name__}: {error}") from error
        simulations.append(simulation)
    try:
        check(simulations)
    except Found as found:
        raise Found(f"seeds {seeds.start}-{seeds.stop - 1}: {found}") from found


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--from", dest="first", type=int, default=0)
    parser.add_argument("--count", type=int, default=100)
    parser.add_argument("--plant", default="")
    parser.add_argument("--verbose", action="store_true")
    wanted = parser.parse_args()
    logging.disable(logging.WARNING)
    person = prepare()
    if wanted.plant:
        plant(wanted.plant)
    began = time.monotonic()
    for first in range(wanted.first, wanted.first + wanted.count, BATCH):
        seeds = range(first, min(first + BATCH, wanted.first + wanted.count))
        try:
            run_batch(seeds, person, verbose=wanted.verbose)
        except Found as found:
            print(f"found: {found}")
            return 1
        clean()
    seconds = time.monotonic() - began
    print(f"{wanted.count} schedules from {wanted.first} without a fault, {wanted.count / seconds:.0f} a second")
    return 0


if __name__ == "__main__":
    sys.exit(main())
