"""How a worker serves, waits and leaves, within one process; killed for real they are in test_supervisor."""

import os
import signal
from collections.abc import Iterator

import pytest
from django.contrib.auth.models import User
from django.db import OperationalError

from processes import actions
from processes.models import EngineSettings, Process, Worker
from processes.store import wakeups
from processes.store.clock import EngineNow
from processes.workers import cluster, liveness, serve
from tests.processes.waiting import LONG, seconds

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def signals(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A worker that is told to stop leaves at once, and its handler is taken away."""
    monkeypatch.setattr(serve, "LEAVING_SECONDS", 0.0)
    before = signal.getsignal(signal.SIGTERM)
    yield
    signal.signal(signal.SIGTERM, before)


def test_serving_drives_what_is_ready_and_then_waits(
    operator: User, registered: None, listener: wakeups.Listener
) -> None:
    process = actions.start("count_to_two", [], by=operator)

    serve.serve_one("worker-1", listener, serve._Stop())

    process.refresh_from_db()
    assert process.status == "completed"


def test_worker_waits_no_longer_than_until_the_next_process_is_due(
    operator: User, registered: None, listener: wakeups.Listener, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(serve, "IDLE_SECONDS", LONG)
    listener.wait(0)
    actions.start("count_to_two", [], by=operator)
    Process.objects.update(ready_at=EngineNow(0.3))
    listener.wait(0.01)

    waited = seconds(lambda: serve.serve_one("worker-1", listener, serve._Stop()))

    assert waited < LONG / 2
    serve.serve_one("worker-1", listener, serve._Stop())
    assert Process.objects.get().status == "completed"


def test_paused_engine_keeps_no_worker_busy(
    operator: User, registered: None, listener: wakeups.Listener, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(serve, "IDLE_SECONDS", 0.3)
    actions.start("count_to_two", [], by=operator)
    EngineSettings.objects.create(paused_at=EngineNow())
    listener.wait(0.01)

    assert seconds(lambda: serve.serve_one("worker-1", listener, serve._Stop())) >= 0.3
    assert Process.objects.get().run_state == "ready"


def test_worker_at_the_end_of_its_life_makes_room_for_another(signals: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(serve, "LIFE_SECONDS", -1.0)

    serve.serve()

    worker = Worker.objects.get()
    assert (worker.pid, worker.state, worker.ended_at is None) == (os.getpid(), "ended", False)
    assert (liveness.workers_of_this_host(), cluster.offered()) == ([], 1)
    cluster.forget_all()
    assert cluster.offered() == 0


def test_worker_that_is_asked_to_stop_leaves_and_is_not_replaced(
    operator: User, registered: None, signals: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(wakeups.Listener, "wait", lambda *_: os.kill(os.getpid(), signal.SIGTERM))
    process = actions.start("count_to_two", [], by=operator)

    serve.serve()

    process.refresh_from_db()
    assert (process.status, Worker.objects.get().state, cluster.offered()) == ("completed", "ended", 0)


def test_worker_outlives_a_database_that_is_away_for_a_moment(signals: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(serve, "IDLE_SECONDS", 0.01)
    troubles = [OperationalError("gone"), OperationalError("still gone")]

    def lost(*_: object) -> None:
        if troubles:
            raise troubles.pop()
        os.kill(os.getpid(), signal.SIGTERM)

    monkeypatch.setattr(wakeups.Listener, "wait", lost)

    serve.serve()

    assert (troubles, Worker.objects.get().state) == ([], "ended")
