"""A supervisor with its workers as `manage.py workers` runs them, forked from here, and ways to hurt them."""

import multiprocessing
import os
import random
import signal
import sys
import time
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from multiprocessing.process import BaseProcess
from pathlib import Path

from django.core.management import call_command
from django.db import connection, connections

from processes import store
from processes.models import Process, Worker
from processes.workers import heartbeat, liveness


class InVain(Exception):
    """What was waited for did not happen in time."""


def wait_for(condition: Callable[[], object], seconds: float = 30, what: str = "what was expected") -> float:
    """Ask again and again; the seconds it took. Raises InVain."""
    began = time.monotonic()
    while not condition():
        if time.monotonic() - began > seconds:
            raise InVain(f"{what} did not happen within {seconds:g} seconds")
        time.sleep(0.01)
    return time.monotonic() - began


def wait_for_all_ends(stuck_seconds: float = 60) -> None:
    """Until no process is unfinished, however slow the machine. Raises InVain when none has ended for so long."""
    left, moved_at = -1, time.monotonic()
    while now_left := Process.objects.unfinished().count():
        if now_left != left:
            left, moved_at = now_left, time.monotonic()
        if time.monotonic() - moved_at > stuck_seconds:
            raise InVain(f"{left} processes are unfinished, and none has ended for {stuck_seconds:g} seconds")
        time.sleep(0.1)


def fork(act: Callable[[], None], log: Path) -> BaseProcess:
    """Do it in a process of its own, with a database connection of its own, its output in a file."""

    def alone() -> None:
        output = os.open(log, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        os.dup2(output, sys.__stdout__.fileno() if sys.__stdout__ else 1)
        os.dup2(output, sys.__stderr__.fileno() if sys.__stderr__ else 2)
        warnings.resetwarnings()
        act()

    connections.close_all()
    child = multiprocessing.get_context("fork").Process(target=alone)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # newer Pythons warn of threads
        child.start()
    return child


class Fleet:
    """One supervisor at a time. `lease_seconds` shortens the lease of its workers."""

    def __init__(self, workers: int, folder: Path, *, lease_seconds: float = store.LEASE_SECONDS) -> None:
        self.workers = workers
        self.log = folder / "log"
        self._lease_seconds = lease_seconds
        self._supervisor: BaseProcess | None = None

    @property
    def supervisor(self) -> BaseProcess:
        assert self._supervisor is not None, "the fleet has not started"
        return self._supervisor

    def start(self) -> None:
        self._supervisor = fork(self._be_supervisor, self.log)

    def _be_supervisor(self) -> None:
        os.setsid()
        store.LEASE_SECONDS = self._lease_seconds
        heartbeat.BEAT_SECONDS = self._lease_seconds / 3
        call_command("workers", processes=self.workers)

    def kill(self) -> None:
        """SIGKILL to the supervisor; its children are the kernel's to end."""
        self.supervisor.kill()
        self.supervisor.join()

    def stop(self, seconds: float = 20) -> float:
        """SIGTERM; the seconds until it has ended. Raises InVain."""
        self.supervisor.terminate()
        return wait_for(lambda: not self.supervisor.is_alive(), seconds, "the end of the supervisor")

    def serving(self) -> list[Worker]:
        """The workers that are alive now."""
        return [one for one in liveness.workers_of_this_host() if liveness.is_alive(one)]

    def is_full(self) -> bool:
        return len(self.serving()) >= self.workers

    def cluster(self) -> list[int]:
        """The numbers of all processes below the supervisor that are no serving workers."""
        serving = {one.pid for one in self.serving()}
        return [pid for pid in descendants(self.supervisor.pid or 0) if pid not in serving]


@contextmanager
def running(workers: int, folder: Path, *, lease_seconds: float = store.LEASE_SECONDS) -> Iterator[Fleet]:
    """A fleet that serves; whatever is left of it is killed at the end."""
    fleet = Fleet(workers, folder, lease_seconds=lease_seconds)
    fleet.start()
    try:
        wait_for(fleet.is_full, 60, f"the start of {workers} workers")
        yield fleet
    finally:
        with suppress(InVain):
            fleet.stop()
        fleet.kill()


def descendants(pid: int) -> list[int]:
    """Children, and theirs, that run now."""
    try:
        children = [int(one) for one in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except OSError:
        return []
    return [one for child in children for one in (child, *descendants(child))]


def hit(pid: int, number: signal.Signals) -> bool:
    """Send a signal; whether there was somebody to get it."""
    try:
        os.kill(pid, number)
    except ProcessLookupError:
        return False
    return True


def cut_a_connection(chance: random.Random) -> bool:
    """End a connection of somebody else at the server, PostgreSQL only; whether there was one."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
            " AND backend_type = 'client backend' ORDER BY pid"
        )
        found = [row[0] for row in cursor.fetchall()]
        if found:
            cursor.execute("SELECT pg_terminate_backend(%s)", [chance.choice(found)])
    return bool(found)
