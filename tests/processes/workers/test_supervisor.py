"""`manage.py workers` as it is run: real processes, killed for real."""

import multiprocessing
import os
import signal
import subprocess
import sys
import time
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from multiprocessing.process import BaseProcess
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.contrib.auth.models import User
from django.core.management import call_command
from django.db import connection, connections

from processes import actions
from processes.models import Process, Worker
from processes.workers import liveness

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(90)]

ROOT = Path(__file__).resolve().parents[3]


def database_url() -> str:
    """The address of the database that this test has to itself."""
    name = connection.settings_dict["NAME"]
    if connection.vendor == "sqlite":
        return f"sqlite:///{name}"
    return urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{name}").geturl()


@contextmanager
def workers(count: int) -> Iterator[BaseProcess]:
    """A running supervisor, forked from here since Django takes long to start; what is left of it is killed."""
    connections.close_all()
    supervisor = multiprocessing.get_context("fork").Process(target=be_supervisor, args=(count,))
    supervisor.start()
    try:
        wait_for(lambda: len(alive()) == count)
        yield supervisor
    finally:
        supervisor.terminate()
        supervisor.join(15)
        supervisor.kill()
        supervisor.join()


def be_supervisor(count: int) -> None:
    warnings.resetwarnings()
    call_command("workers", processes=count)


UNSHARE = ("unshare", "--pid", "--fork", "--mount-proc", "--kill-child")
"""Runs a command as a container does that keeps the name of its host."""


def has_containers() -> bool:
    try:
        return subprocess.run([*UNSHARE, "true"], check=False, capture_output=True).returncode == 0
    except FileNotFoundError:
        return False


@contextmanager
def commanded_workers(count: int, *before: str) -> Iterator[subprocess.Popen[bytes]]:
    """The same by its command line, with something before it."""
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "orchestrator_site.settings.test",
        "DATABASE_URL": database_url(),
        "WORKFLOW_MODULES": "tests.processes.workflows",
    }
    command = [*before, sys.executable, "manage.py", "workers", "--processes", str(count)]
    known = {one.pk for one in signed_on()}
    supervisor = subprocess.Popen(command, cwd=ROOT, env=environment)
    try:
        wait_for(lambda: len({one.pk for one in signed_on()} - known) == count)
        yield supervisor
    finally:
        supervisor.terminate()
        with suppress(subprocess.TimeoutExpired):
            supervisor.wait(15)
        supervisor.kill()


def wait_for(condition: Callable[[], bool], seconds: float = 30) -> None:
    until = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < until, "waited in vain"
        time.sleep(0.05)


def alive() -> list[Worker]:
    return [one for one in liveness.workers_of_this_host() if liveness.is_alive(one)]


def signed_on() -> list[Worker]:
    """Those of every container."""
    return list(Worker.objects.filter(ended_at__isnull=True).order_by("started_at"))


def ended(process: Process) -> bool:
    process.refresh_from_db()
    return process.is_ended


def committed(process: Process) -> int:
    process.refresh_from_db()
    return process.sequence


def check_complete_without_repeats(process: Process, file: Path) -> None:
    """Each step committed once, in order; an outside line at most once more than workers died."""
    paths = [f"line-{number}" for number in range(8)]
    assert process.status == "completed"
    assert list(process.steps.filter(status="success").values_list("path", flat=True)) == paths
    crashes = process.steps.filter(status="crashed").count()
    assert len(file.read_text().splitlines()) <= len(paths) + crashes


def test_every_worker_killed_in_the_middle(operator: User, registered: None, tmp_path: Path) -> None:
    file = tmp_path / "lines"
    with workers(2):
        process = actions.start("write_slowly", [{"file": str(file)}], by=operator)
        wait_for(lambda: committed(process) >= 2)

        for one in alive():
            os.kill(one.pid, signal.SIGKILL)
        wait_for(lambda: ended(process))

    check_complete_without_repeats(process, file)


def test_supervisor_killed_leaves_nobody_behind_and_the_next_goes_on(
    operator: User, registered: None, tmp_path: Path
) -> None:
    file = tmp_path / "lines"
    with workers(2) as supervisor:
        process = actions.start("write_slowly", [{"file": str(file)}], by=operator)
        wait_for(lambda: committed(process) >= 2)
        supervisor.kill()
        wait_for(lambda: not alive(), 5)

    with workers(1):
        wait_for(lambda: ended(process))

    check_complete_without_repeats(process, file)


def test_stop_hands_work_back_in_time(operator: User, registered: None, tmp_path: Path) -> None:
    file = tmp_path / "lines"
    with commanded_workers(1) as supervisor:
        process = actions.start("write_slowly", [{"file": str(file)}], by=operator)
        wait_for(lambda: committed(process) >= 1)

        supervisor.terminate()
        supervisor.wait(8)

    process.refresh_from_db()
    assert (process.run_state, process.crash_count, alive()) == ("ready", 0, [])


def test_idle_worker_killed_is_replaced(operator: User, registered: None, tmp_path: Path) -> None:
    with workers(1):
        os.kill(alive()[0].pid, signal.SIGKILL)
        process = actions.start("count_to_two", [], by=operator)

        wait_for(lambda: ended(process), 10)


def test_step_over_its_deadline_is_killed_even_in_c(operator: User, registered: None, tmp_path: Path) -> None:
    with workers(1):
        process = actions.start("hang_once", [{"file": str(tmp_path / "hung")}], by=operator)

        wait_for(lambda: ended(process), 20)

    assert list(process.steps.values_list("status", "error__class")) == [
        ("waiting", "StepTimedOut"),
        ("success", None),
    ]


@pytest.mark.skipif(not has_containers(), reason="needs the right to make name spaces (root, and unshare)")
def test_containers_with_one_name_take_each_other_for_alive_until_one_is_lost(
    operator: User, registered: None, tmp_path: Path
) -> None:
    file = tmp_path / "lines"
    with workers(1), commanded_workers(1, *UNSHARE) as container:
        process = actions.start("write_slowly", [{"file": str(file)}], by=operator)
        wait_for(lambda: committed(process) >= 2)
        here, there = [one.pk for one in alive()], [one.pk for one in signed_on() if one not in alive()]

        container.kill()
        wait_for(lambda: [one.pk for one in signed_on()] == here, 10)
        wait_for(lambda: ended(process))

    assert (len(here), len(there)) == (1, 1)
    check_complete_without_repeats(process, file)
