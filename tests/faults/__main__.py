"""`./run faults`: every fault suite at full size on both databases, or the one that is named.

    ./run faults [SUITE] [--database postgres|sqlite|memory] [--seed N] [OPTIONS OF THE SUITE]

Each suite on each database is a process of its own, which prints the line that replays it.
"""

import argparse
import importlib
import random
import subprocess
import sys
from collections.abc import Sequence

from tests.faults import stage

SUITES = (
    "crash_points", "storm", "recovery", "broker", "outage", "stopping", "contention", "machine", "simulation",
    "corpus", "external_systems", "api",
)  # fmt: skip
"""Each a module here with `main(arguments, seed) -> int`, imported when Django is set up on its database."""


def main() -> int:
    parser = argparse.ArgumentParser(prog="./run faults")
    parser.add_argument("suite", nargs="?", choices=SUITES)
    parser.add_argument("--database", choices=[*stage.DATABASES, stage.MEMORY])
    parser.add_argument("--seed", type=int, default=None)
    wanted, rest = parser.parse_known_args()
    seed = random.SystemRandom().randrange(1_000_000) if wanted.seed is None else wanted.seed
    if wanted.suite and wanted.database:
        return run_here(wanted.suite, wanted.database, seed, rest)
    suites = [wanted.suite] if wanted.suite else SUITES
    runs = [(suite, database) for suite in suites for database in databases_for(suite, wanted.database)]
    failed = [(suite, database) for suite, database in runs if run_alone(suite, database, seed, rest)]
    print(f"FAILED: {failed}" if failed else "All promises held.")
    return 1 if failed else 0


def databases_for(suite: str, wanted: str | None) -> Sequence[str]:
    """The databases that a suite runs on; the simulation has its own in memory."""
    if suite == "simulation":
        return [stage.MEMORY]
    return [wanted] if wanted else stage.DATABASES


def run_here(suite: str, database: str, seed: int, rest: Sequence[str]) -> int:
    print(f"== {' '.join(['./run faults', suite, '--database', database, '--seed', str(seed), *rest])}", flush=True)
    with stage.database(database) as address:
        stage.prepare(address)
        return int(importlib.import_module(f"tests.faults.{suite}").main(rest, seed))


def run_alone(suite: str, database: str, seed: int, rest: Sequence[str]) -> int:
    command = [sys.executable, "-m", "tests.faults", suite, "--database", database, "--seed", str(seed), *rest]
    return subprocess.run(command, cwd=stage.ROOT, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
