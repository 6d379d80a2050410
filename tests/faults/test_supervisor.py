"""What a supervisor does about workers that neither work nor die, and about a cluster that brings no new ones."""

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.contrib.auth.models import User
from django.db import OperationalError, connection, transaction
from pytest_django import Settings

from processes import actions, store
from processes.execution import recovery
from processes.models import Process
from processes.plugins import registry
from processes.store import Claim, leases
from processes.workers import liveness, supervisor
from tests.faults import fleet, shapes
from tests.faults.fleet import hit, wait_for
from tests.faults.recovery import has_ended
from tests.faults.storm import somebody

pytestmark = pytest.mark.timeout(120)


@pytest.fixture
def person(shaped: None) -> User:
    return somebody()


def told(process: Process) -> list[tuple[str, str]]:
    return list(process.steps.values_list("path", "status"))


def test_worker_frozen_inside_its_commit_is_killed_and_nobody_waits_for_it(person: User, tmp_path: Path) -> None:
    with fleet.running(2, tmp_path, lease_seconds=1) as of:
        before = {one.pid for one in of.serving()}
        frozen = actions.start(shapes.freezing.name, [], by=person)
        wait_for(lambda: any(liveness.is_frozen(pid) for pid in before), what="the freeze")

        wait_for(partial(has_ended, frozen), 40, "the end of what was frozen")
        wait_for(lambda: not any(liveness.is_frozen(pid) for pid in before), what="the death of the frozen one")

    assert told(frozen) == [("freeze", "crashed"), ("freeze", "success")]


def test_worker_that_stands_still_on_sqlite_is_killed_long_before_its_lease_is_over(
    person: User, tmp_path: Path
) -> None:
    """It holds the lock that everybody writes under: for the 15 seconds of a lease nothing could begin or end."""
    if connection.vendor != "sqlite":
        pytest.skip("on PostgreSQL it holds its own rows alone")
    with fleet.running(2, tmp_path) as of:
        before = {one.pid for one in of.serving()}
        frozen = actions.start(shapes.freezing.name, [], by=person)
        wait_for(lambda: any(liveness.is_frozen(pid) for pid in before), what="the freeze")

        wait_for(partial(has_ended, frozen), store.LEASE_SECONDS - 2, "the end of what was frozen")

    assert told(frozen) == [("freeze", "crashed"), ("freeze", "success")]


def test_step_that_hangs_inside_its_commit_is_killed_at_its_deadline(person: User, tmp_path: Path) -> None:
    with fleet.running(1, tmp_path):
        process = actions.start(shapes.hanging.name, [], by=person)

        wait_for(partial(has_ended, process), 20, "the end of what hung")

    assert told(process) == [("hang-inside-the-commit", "waiting"), ("hang-inside-the-commit", "success")]


def test_database_that_is_lost_at_the_start_is_asked_again(person: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registry, "_version_ids", {})
    one, lost = supervisor.Supervisor(1), list[str]()

    def lose_once(run: Callable[..., Any], sql: str, *rest: Any) -> Any:
        if not lost:
            lost.append(sql)
            raise OperationalError("the connection was lost")
        return run(sql, *rest)

    with connection.execute_wrapper(lose_once):
        one._pulse_safely()
        assert (len(lost), one._cluster) == (1, None)
        one._pulse_safely()
    try:
        assert one._cluster is not None
        assert one._cluster.is_alive()
    finally:
        one._end()


def test_cluster_that_hangs_is_started_anew(person: User, tmp_path: Path) -> None:
    with fleet.running(2, tmp_path) as of:
        for pid in of.cluster():
            hit(pid, signal.SIGSTOP)
        for worker in of.serving():
            hit(worker.pid, signal.SIGKILL)

        process = actions.start(shapes.hanging.name, [], by=person)
        wait_for(partial(has_ended, process), 40, "the end of a process that found nobody")


def test_cluster_that_replaces_nobody_is_started_anew(
    person: User, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(supervisor, "STARVED_SECONDS", 3.0)
    with fleet.running(2, tmp_path) as of:
        for pid in of.cluster():
            hit(pid, signal.SIGSTOP)
        hit(of.serving()[0].pid, signal.SIGKILL)

        wait_for(lambda: len(of.serving()) < 2, what="the death of a worker")
        wait_for(of.is_full, 60, "a full fleet")


@contextmanager
def held_by_somebody(process_id: UUID) -> Iterator[None]:
    """Its row is locked, as by a commit that takes long."""
    locked, enough = threading.Event(), threading.Event()

    def hold() -> None:
        with transaction.atomic():
            Process.objects.select_for_update().get(pk=process_id)
            locked.set()
            enough.wait(20)
        connection.close()

    thread = threading.Thread(target=hold)
    thread.start()
    locked.wait(20)
    yield
    enough.set()
    thread.join()


def claimed(person: User, workflow: str) -> tuple[Process, Claim]:
    process = actions.start(workflow, [], by=person)
    claim = store.claim("dead worker")
    assert claim is not None
    return process, claim


@pytest.mark.postgres
def test_recovery_waits_for_no_commit_that_is_not_decided(person: User) -> None:
    process, _ = claimed(person, shapes.straight.name)

    with held_by_somebody(process.pk):
        assert recovery.recover_from(["dead worker"]) == 0
        assert recovery.still_held(["dead worker"]) == {"dead worker"}

    assert recovery.recover_from(["dead worker"]) == 1
    assert recovery.still_held(["dead worker"]) == set()


def test_deadline_of_a_workflow_that_is_gone_stops_no_pulse(
    person: User, settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    _, claim = claimed(person, shapes.hanging.name)
    leases.set_deadline(claim, -1)
    settings.WORKFLOW_MODULES = []
    registry.reload()

    assert recovery.overdue(["dead worker"]) == ["dead worker"]
    assert recovery.fail_overdue(["dead worker"]) == 0
    assert "cannot be failed" in caplog.text
