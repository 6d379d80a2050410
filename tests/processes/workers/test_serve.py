"""How a worker waits, wakes, serves and leaves, within one process; killed for real they are in test_supervisor."""

import os
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import closing

import pytest
from django.contrib.auth.models import User
from django.db import OperationalError, connection, transaction

from processes import actions, store
from processes.engine import transitions
from processes.models import EngineSettings, Process, Worker
from processes.store import leases, wakeups
from processes.store.clock import EngineNow
from processes.workers import cluster, heartbeat, liveness, serve
from tests.processes.threads import together

pytestmark = pytest.mark.django_db(transaction=True)

LONG = 30.0


@pytest.fixture
def listener() -> Iterator[wakeups.Listener]:
    with closing(wakeups.Listener()) as opened:
        yield opened
    connection.close()


@pytest.fixture
def signals(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A worker that is told to stop leaves at once, and its handler is taken away."""
    monkeypatch.setattr(serve, "LEAVING_SECONDS", 0.0)
    before = signal.getsignal(signal.SIGTERM)
    yield
    signal.signal(signal.SIGTERM, before)


def seconds(call: Callable[[], object]) -> float:
    began = time.monotonic()
    call()
    return time.monotonic() - began


def test_idle_worker_wakes_at_once(listener: wakeups.Listener) -> None:
    together([wakeups.wake])

    assert seconds(lambda: listener.wait(LONG)) < LONG / 2


def test_start_wakes_idle_workers(operator: User, registered: None, listener: wakeups.Listener) -> None:
    together([lambda: actions.start("count_to_two", [], by=operator)])

    assert seconds(lambda: listener.wait(LONG)) < LONG / 2


def test_nothing_wakes_for_what_was_rolled_back(listener: wakeups.Listener) -> None:
    def wake_and_roll_back() -> None:
        with transaction.atomic():
            wakeups.wake()
            transaction.set_rollback(True)

    together([wake_and_roll_back])

    assert seconds(lambda: listener.wait(0.2)) >= 0.2


def test_wake_ups_that_were_heard_are_not_heard_again(listener: wakeups.Listener) -> None:
    together([wakeups.wake] * 3)
    for _ in range(3):
        listener.wait(0.05)

    assert seconds(lambda: listener.wait(0.2)) >= 0.2


@pytest.mark.postgres
def test_listener_listens_again_when_a_step_had_the_connection_closed(listener: wakeups.Listener) -> None:
    connection.close()
    assert seconds(lambda: listener.wait(LONG)) < LONG / 2, "it looks for work once more"

    together([wakeups.wake])

    assert seconds(lambda: listener.wait(LONG)) < LONG / 2


@pytest.mark.postgres
def test_lost_connection_is_the_databases_fault(listener: wakeups.Listener) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        (backend,) = cursor.fetchone()

    def terminate() -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_terminate_backend(%s)", [backend])

    together([terminate])

    with pytest.raises(OperationalError):
        listener.wait(LONG)


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


def test_this_process_is_alive_and_others_are_not() -> None:
    worker = liveness.register()

    assert liveness.is_alive(worker)
    assert liveness.workers_of_this_host() == [worker]
    for other in ({"pid": 2**22 + 1}, {"liveness_key": 1}, {"boot_id": "another"}):
        assert not liveness.is_alive(Worker(**{**as_columns(worker), **other}))


def as_columns(worker: Worker) -> dict[str, object]:
    return {one.attname: getattr(worker, one.attname) for one in Worker._meta.concrete_fields}


def test_dead_child_is_dead_even_before_it_is_buried() -> None:
    child = os.fork()
    if child == 0:
        os._exit(0)
    os.waitid(os.P_PID, child, os.WEXITED | os.WNOWAIT)

    assert liveness.start_of(child) is None
    os.waitpid(child, 0)
    assert liveness.start_of(child) is None


def test_heart_beats_while_a_step_takes_long(operator: User, registered: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(heartbeat, "BEAT_SECONDS", 0.02)
    actions.start("count_to_two", [], by=operator)
    claim = store.claim("worker-1")
    assert claim is not None
    Process.objects.update(lease_expires_at=EngineNow(-1))

    with heartbeat.lease_kept(claim, heartbeat._Heart()):
        until = time.monotonic() + LONG
        while not Process.objects.filter(lease_until__gt=EngineNow(1)).exists():
            assert time.monotonic() < until
    leases.release(claim, transitions.released(claim.standing))
