"""Die at every named place, in every shape of workflow, and let an ordinary worker bring it to its end.

    ./run faults crash_points [--database sqlite] [--seed 5] [--sample 100]

One case: `--case straight:plain:commit-moved@1`. Each case is one process of ours and a few of the operating system,
forked from a warm parent: the first lives through everything that happens to the process (it starts it, works on it,
answers, retries, aborts) and is killed at the place; those that follow do what recovery, workers and people do then.
"""

import argparse
import gc
import itertools
import logging
import os
import random
import signal
import tempfile
import threading
import time
import traceback
import warnings
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from django.contrib.auth.models import Group, User
from django.db import connection

from processes import actions, store
from processes.engine.losses import CRASH_BUDGET
from processes.execution import drive, recovery
from processes.models import EngineSettings, Process
from processes.store import clock, failpoints
from tests.faults import evidence, shapes

OUTSIDE = ("before-effect", "after-effect")
"""Places of the world, beside those of the engine."""

LIVES = ("plain", "aborted", "paused")
IN_RECOVERY = ("recovery-recorded", "recovered")


class Failure(Exception):
    """A case went wrong; the message has the case."""


@dataclass(frozen=True)
class Case:
    """Where to die: `deaths[0]` in the first life, `deaths[1]` in the one that takes over. Written `place@hit`."""

    shape: str
    life: str
    deaths: tuple[str, ...]

    def __str__(self) -> str:
        return ":".join([self.shape, self.life, *self.deaths])

    @classmethod
    def read(cls, text: str) -> "Case":
        shape, life, *deaths = text.split(":")
        return cls(shape, life, tuple(deaths))


# What happens to a process


class Fate:
    """What comes of each place: death by SIGKILL at the one that is named, at its nth time; all are counted."""

    def __init__(self, death: str) -> None:
        self._place, _, hit = death.partition("@")
        self._hit = int(hit or 1)
        self.seen: Counter[str] = Counter()
        self.at_first_effect: Callable[[], None] = lambda: None

    def __call__(self, place: str) -> None:
        self.seen[place] += 1
        if place == "before-effect" and self.seen[place] == 1:
            self.at_first_effect()
        if place == self._place and self.seen[place] == self._hit:
            os.kill(os.getpid(), signal.SIGKILL)


class Life:
    """What workers and people do with one process, as far as the lives before have not done it."""

    def __init__(self, case: Case, idempotency_key: str, generation: int) -> None:
        self.case, self.idempotency_key, self.generation = case, idempotency_key, generation
        self.fate = Fate(case.deaths[generation] if generation < len(case.deaths) else "")
        self.person = User.objects.get(username="crashing")

    def run(self) -> None:
        clock.advance(timedelta(minutes=self.generation))
        failpoints.listen(self.fate)
        shapes.world.interrupt = self.fate
        self._take_over()
        pages = [{"thing": f"thing {self.idempotency_key}"}] if self.case.shape == "locking" else []
        process = actions.start(self.case.shape, pages, by=self.person, idempotency_key=self.idempotency_key)
        if self.case.life == "aborted":
            self._work_a_little(process)
        elif self.case.life == "paused" and self.generation == 0:
            self._work_until_paused()
        while not has_ended(process):
            self._work()
            self._help(process)

    def _take_over(self) -> None:
        if EngineSettings.objects.filter(paused_at__isnull=False).exists():
            actions.unpause(by=self.person)
        recovery.recover_from([f"{self.idempotency_key} {before}" for before in range(self.generation)])

    def _claim(self) -> store.Claim | None:
        return store.claim(f"{self.idempotency_key} {self.generation}")

    def _work(self) -> None:
        while (claim := self._claim()) is not None:
            drive_claim(claim)

    def _work_a_little(self, process: Process) -> None:
        """One step, unless a former life came that far; then somebody has had enough."""
        process.refresh_from_db()
        claim = None if process.sequence or process.is_ended else self._claim()
        if claim is not None:
            drive_claim(claim, lambda: True)
        actions.abort(process.pk, by=self.person, idempotency_key=f"{self.idempotency_key} abort")

    def _work_until_paused(self) -> None:
        """Somebody pauses the engine while the first step runs."""
        self.fate.at_first_effect = lambda: elsewhere(lambda: actions.pause(by=self.person))
        self._work()
        actions.unpause(by=self.person)

    def _help(self, process: Process) -> None:
        """What people, or time, do for a process that waits."""
        process.refresh_from_db()
        idempotency_key = f"{self.idempotency_key} {process.position_path} {process.position_attempt}"
        if process.status == "suspended":
            actions.answer(process.pk, [{"word": "yes"}], by=self.person, idempotency_key=idempotency_key)
        elif process.is_failed:
            actions.retry(process.pk, by=self.person, idempotency_key=idempotency_key)
        elif not process.is_ended:
            clock.advance(timedelta(seconds=6))


def drive_claim(claim: store.Claim, is_stopping: Callable[[], bool] = lambda: False) -> None:
    """Without the thread that beats: nothing here lasts, and a fork should find one thread."""
    drive.run_claimed(claim, is_stopping, lease_kept=shapes.not_beating)


def has_ended(process: Process) -> bool:
    process.refresh_from_db()
    return process.is_ended


def elsewhere(act: Callable[[], object]) -> None:
    """Do it in a thread with a connection of its own."""

    def alone() -> None:
        try:
            act()
        finally:
            connection.close()

    thread = threading.Thread(target=alone)
    thread.start()
    thread.join()


# Operating-system processes


def fork(act: Callable[[], None]) -> int:
    """Do it in a child; how it ended: 0, 1 after an exception, or the negative number of the signal."""
    connection.close()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # newer Pythons warn of threads
        pid = os.fork()
    if pid:
        return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    try:
        act()
    except BaseException:
        traceback.print_exc()
        os._exit(1)
    os._exit(0)


def run_case(case: Case, idempotency_key: str) -> int:
    """Live until somebody lives to see the end; how many died. Raises Failure."""
    for generation in itertools.count():
        ended = fork(lambda: Life(case, idempotency_key, generation).run())  # noqa: B023 - called at once
        if ended == 0:
            return generation
        if ended != -signal.SIGKILL or generation >= len(case.deaths):
            raise Failure(f"--case {case}: life {generation} ended with {ended}")
    raise AssertionError("unreachable")


def places_of(shape: str, life: str) -> Counter[str]:
    """How often each place is reached when nobody dies. Lived here, so that the children find everything warm."""
    one = Life(Case(shape, life, ()), f"look {shape} {life}", 0)
    one.run()
    failpoints.listen(None)
    return one.fate.seen


# All cases


def all_cases() -> list[Case]:
    """Each shape and life, dying at each place each time that it is reached, and in pairs where a recovery follows."""
    return [case for shape in shapes.SHAPES for life in LIVES for case in _cases(shape, life)]


def _cases(shape: str, life: str) -> Iterator[Case]:
    seen = places_of(shape, life)
    first = [f"{place}@{hit}" for place, times in seen.items() for hit in range(1, times + 1)]
    for death in first:
        yield Case(shape, life, (death,))
        yield from (Case(shape, life, (death, f"{place}@1")) for place in IN_RECOVERY)
    if shape == "looping" and life == "plain":
        yield from cases_without_workers_left()
    if shape == "straight" and life == "plain":
        for death, place in itertools.product(first, sorted(seen)):
            yield Case(shape, life, (death, f"{place}@1"))


def cases_without_workers_left() -> Iterator[Case]:
    """The step in the scope costs all the workers that it may; then somebody dies recovering it."""
    first = f"before-effect@{shapes.EFFECTS_BEFORE_THE_SCOPE + 1}"
    deaths = (first, *["before-effect@1"] * (CRASH_BUDGET - 1))
    yield Case("looping", "plain", deaths)
    yield from (Case("looping", "plain", (*deaths, f"{place}@1")) for place in IN_RECOVERY)


def sample(cases: Sequence[Case], number: int, chance: random.Random) -> list[Case]:
    """Some of them, with each place among those where somebody dies."""
    shuffled = chance.sample(cases, len(cases))
    each = {place.partition("@")[0]: case for case in shuffled for place in case.deaths}
    each |= {case.deaths[0].partition("@")[0]: case for case in shuffled}  # the first death comes, the second may not
    return list(dict.fromkeys([*each.values(), *shuffled]))[:number]


def prepare(folder: Path) -> None:
    """Somebody who may do what the lives do, and a world that survives them."""
    person, _ = User.objects.get_or_create(username="crashing")
    person.groups.set([Group.objects.get_or_create(name="admin")[0]])
    shapes.world = shapes.FileWorld(folder / "effects")


def run(cases: Sequence[Case], *, tell: Callable[[str], object] = lambda line: None) -> Counter[str]:
    """Run and check; how often somebody died at each place. Raises Failure, which names the cases that went wrong."""
    deaths: Counter[str] = Counter()
    gc.collect()
    gc.freeze()  # what is not looked at is not copied into each child
    for number, case in enumerate(cases, 1):
        died = run_case(case, f"case {case}")
        deaths.update(place.partition("@")[0] for place in case.deaths[:died])
        if number % 250 == 0:
            tell(f"{number} of {len(cases)} cases")
    check(cases)
    return deaths


def check(cases: Sequence[Case]) -> None:
    world = shapes.world
    assert isinstance(world, shapes.FileWorld)
    broken = evidence.broken_promises(world.all_calls())
    if not broken:
        return
    made = {str(process_id): case for case in cases if (process_id := evidence.made_by(f"case {case}"))}
    blamed = [f"--case {case}" for process_id, case in made.items() if any(process_id in line for line in broken)]
    raise Failure("\n".join([*broken[:10], *blamed[:10]]))


def main(arguments: Sequence[str], seed: int) -> int:
    parser = argparse.ArgumentParser(prog="crash_points")
    parser.add_argument("--sample", type=int, default=0, help="so many cases instead of all")
    parser.add_argument("--case", type=Case.read)
    wanted = parser.parse_args(arguments)
    logging.disable(logging.WARNING)
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="orchestrator-faults-") as name:
        prepare(Path(name))
        cases = [wanted.case] if wanted.case else all_cases()
        if wanted.sample:
            cases = sample(cases, wanted.sample, random.Random(seed))
        deaths = run(cases, tell=print)
    print(f"{len(cases)} cases, {deaths.total()} deaths at {len(deaths)} places, {time.monotonic() - began:.0f} s")
    return 0
