"""Seeded schedules of workers, people and faults against the real statements, on SQLite in memory.

    ./run faults simulation                                                  many schedules, then each planted bug
    ./run faults simulation --seed 17 --count 1 --plant none --verbose       one schedule, told
    ./run faults simulation --seed 17 --count 1 --plant M4                   one with a bug

Of the bugs that must be found, M5, M10 and M11 have no subject yet: see `plants`.
"""

import argparse
import logging
import multiprocessing
import os
import time
from collections.abc import Sequence
from dataclasses import dataclass
from multiprocessing.connection import Connection

from tests.faults import observers, shapes
from tests.faults.aftermath import broken_promises
from tests.faults.memory import memory
from tests.faults.plants import PLANTS, plant
from tests.faults.schedule import Schedule

FORK = multiprocessing.get_context("fork")
BATCH = 50
SMALL_BATCH = 10
PLANTED_SEEDS = range(3_000)
"""Planted bugs are looked for under the same seeds each time; one that takes more is not found."""


@dataclass(frozen=True)
class Finding:
    """A broken promise, and the seed that shows it; None when it takes all seeds of its batch, from `first` on."""

    seed: int | None
    first: int
    text: str

    def __str__(self) -> str:
        return f"seed {self.seed if self.seed is not None else f'{self.first} and the following'}: {self.text}"


def look_for(seeds: range) -> Finding | None:
    """Run these schedules in batches; the first that breaks a promise."""
    for first in range(seeds.start, seeds.stop, BATCH):
        found = _look_into(range(first, min(first + BATCH, seeds.stop)))
        if found is not None:
            return found
    return None


def _look_into(seeds: range) -> Finding | None:
    found = run_batch(seeds)
    if found is None or found.seed is not None:
        return found
    alone = (run_batch(range(seed, seed + 1)) for seed in seeds)
    return next((one for one in alone if one is not None), found)


def run_batch(seeds: range, *, verbose: bool = False) -> Finding | None:
    """Run these schedules side by side in one database, and look at what they leave behind."""
    memory.clean()
    shapes.world.calls.clear()
    schedules = [Schedule(seed, print if verbose else _say_nothing) for seed in seeds]
    for one in schedules:
        try:
            one.run()
        except Exception as error:
            seen = observers.told or [f"{type(error).__name__}: {error}"]
            return Finding(one.seed, seeds.start, seen[0])
    broken = broken_promises(schedules)
    if not broken:
        return None
    return Finding(seeds.start if len(seeds) == 1 else None, seeds.start, "; ".join(broken[:3]))


def _say_nothing(what: str) -> None:
    pass


def look_for_planted(name: str, seeds: range, answer: Connection) -> None:
    """Make this process wrong and look; answers after how many schedules it was found, and what was found."""
    plant(name)
    for first in range(seeds.start, seeds.stop, SMALL_BATCH):
        found = _look_into(range(first, min(first + SMALL_BATCH, seeds.stop)))
        if found is not None:
            last = found.seed if found.seed is not None else first + SMALL_BATCH - 1
            answer.send((last - seeds.start + 1, found))
            return
    answer.send((len(seeds), None))


def main(arguments: Sequence[str], seed: int) -> int:
    parser = argparse.ArgumentParser(prog="simulation")
    parser.add_argument("--count", type=int, default=10_000)
    parser.add_argument("--processes", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--plant", choices=["all", "none", *PLANTS], default="all")
    parser.add_argument("--verbose", action="store_true")
    wanted = parser.parse_args(arguments)
    logging.disable(logging.ERROR)
    memory.prepare()
    observers.install()
    seeds = range(seed, seed + wanted.count)
    if wanted.plant not in {"all", "none"}:
        plant(wanted.plant)
    if wanted.verbose:
        return _tell(run_batch(seeds, verbose=True), wanted.plant)
    if wanted.plant not in {"all", "none"}:
        return _tell(look_for(seeds), wanted.plant)
    failed = _simulate(seeds, wanted.processes)
    if wanted.plant == "all":
        failed += _try_plants(wanted.processes)
    return 1 if failed else 0


def _simulate(seeds: range, processes: int) -> int:
    """Many schedules of the engine as it is; the number of findings."""
    began, used = time.monotonic(), _processor_seconds()
    parts = [range(first, min(first + BATCH, seeds.stop)) for first in range(seeds.start, seeds.stop, BATCH)]
    with FORK.Pool(processes) as pool:
        found = [one for one in pool.imap_unordered(look_for, parts) if one is not None]
        pool.close()
        pool.join()
    seconds, used = time.monotonic() - began, _processor_seconds() - used
    print(f"{len(seeds)} schedules from seed {seeds.start}: {len(found)} violations, {seconds:.1f} seconds, "
          f"{len(seeds) / seconds:.0f} a second with {processes} processes, "
          f"{len(seeds) / used:.0f} in a second of one processor", flush=True)  # fmt: skip
    for one in found[:5]:
        _tell(one, "none")
    return len(found)


def _processor_seconds() -> float:
    """What children that have ended have used of the processor."""
    times = os.times()
    return times.children_user + times.children_system


def _try_plants(processes: int) -> int:
    """Each bug in a process of its own; how many were not found."""
    names, missed = list(PLANTS), 0
    for first in range(0, len(names), processes):
        together = names[first : first + processes]
        for name, answer in zip(together, [_start_looking(name) for name in together], strict=True):
            count, found = answer.recv()
            told = f"found by schedule {count}: {found}" if found else f"NOT FOUND in {count} schedules"
            print(f"{name}: {told}", flush=True)
            missed += found is None
    return missed


def _start_looking(name: str) -> Connection:
    """Where the answer of the process comes in. It is a fork of this thread, which has the database in its memory."""
    receiver, sender = multiprocessing.Pipe(duplex=False)
    FORK.Process(target=look_for_planted, args=(name, PLANTED_SEEDS, sender), daemon=True).start()
    sender.close()
    return receiver


def _tell(found: Finding | None, name: str) -> int:
    if found is None:
        print("nothing was found")
        return 0
    count = f"--seed {found.seed} --count 1" if found.seed is not None else f"--seed {found.first} --count {BATCH}"
    print(f"found: {found}\n  ./run faults simulation --database memory {count} --plant '{name}' --verbose", flush=True)
    return 1
