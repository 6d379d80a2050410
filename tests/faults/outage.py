"""The database is away for a while, again and again, under load. PostgreSQL only: SQLite has no server to lose.

    ./run faults outage --database postgres --outages 5 --seed 7

Every connection is cut at the server, and new ones are refused until the outage is over.
"""

import argparse
import logging
import os
import random
import tempfile
import time
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import psycopg
from django.contrib.auth.models import User
from django.db import DatabaseError, connection
from psycopg import sql

from processes import actions
from processes.engine.values.status import StepStatus
from processes.models import Process, Step
from tests.faults import evidence, fleet, shapes
from tests.faults.fleet import fork, wait_for
from tests.faults.storm import BACKLOG, march, persist, somebody

STEP_SECONDS = 0.3
PROGRESS_SECONDS = 3.0


class TooSlow(Exception):
    """Work went on, but later than promised."""


@dataclass
class Report:
    """Seconds from the end of each outage to the next committed step; how many tries were lost to outages."""

    processes: int = 0
    resumed: list[float] = field(default_factory=list)
    crashed: int = 0

    def __str__(self) -> str:
        waits = ", ".join(f"{one:.1f}" for one in self.resumed)
        told = f"{len(self.resumed)} outages, {self.processes} processes, 0 lost, {self.crashed} tries lost"
        return f"{told}; seconds until work went on: {waits}"


class Outage:
    """Of the database this process is set up on; told to its server through another one."""

    def __init__(self) -> None:
        self._plain = str(connection.settings_dict["NAME"])
        self._name = sql.Identifier(self._plain)
        self._address = os.environ["DATABASE_URL"]

    def run(self, seconds: float) -> None:
        connection.close()
        with closing(psycopg.connect(self._address, dbname="template1", autocommit=True)) as server:
            server.execute(sql.SQL("ALTER DATABASE {} ALLOW_CONNECTIONS false").format(self._name))
            server.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [self._plain])
            time.sleep(seconds)
            server.execute(sql.SQL("ALTER DATABASE {} ALLOW_CONNECTIONS true").format(self._name))


def start_for_ever(person: User) -> None:
    """Keep some work there."""
    number = 0
    while True:
        number += 1
        name, pages = march(10 * number)
        persist(partial(actions.start, name, pages, by=person, idempotency_key=f"outage {number}"))
        while _unfinished() > BACKLOG / 10:
            time.sleep(0.05)


def _unfinished() -> int:
    try:
        return Process.objects.unfinished().count()
    except DatabaseError:
        connection.close()
        return 0


def endure(folder: Path, outages: int, chance: random.Random) -> Report:
    """Outages of a second or two; afterwards nothing is lost, repeated or wrong."""
    world = shapes.world = shapes.FileWorld(folder / "effects", STEP_SECONDS)
    person, report, outage = somebody(), Report(), Outage()
    with fleet.running(4, folder) as of:
        client = fork(partial(start_for_ever, person), of.log)
        try:
            for _ in range(outages):
                _await_progress()
                outage.run(chance.uniform(0.5, 2.5))
                report.resumed.append(_await_progress())
        finally:
            client.kill()
            client.join()
        wait_for(lambda: not Process.objects.unfinished().exists(), 60, "the end of every process")
    broken = evidence.broken_promises(world.all_calls())
    assert not broken, broken
    report.processes = Process.objects.count()
    report.crashed = Step.objects.filter(status=StepStatus.CRASHED).count()
    return report


def _await_progress() -> float:
    """Seconds until a few more steps were committed."""
    before = Step.objects.filter(sequence__isnull=False).count()
    return wait_for(lambda: Step.objects.filter(sequence__isnull=False).count() > before, 30, "a step")


def main(arguments: Sequence[str], seed: int) -> int:
    parser = argparse.ArgumentParser(prog="outage")
    parser.add_argument("--outages", type=int, default=10)
    wanted = parser.parse_args(arguments)
    logging.disable(logging.WARNING)
    if connection.vendor != "postgresql":
        print("SQLite has no server to lose")
        return 0
    with tempfile.TemporaryDirectory(prefix="orchestrator-faults-") as name:
        report = endure(Path(name), wanted.outages, random.Random(seed))
    print(report)
    if max(report.resumed) > PROGRESS_SECONDS:
        raise TooSlow(f"Work went on later than {PROGRESS_SECONDS:g} s after an outage")
    return 0
