"""The engine's clock is the database's, and tests can move it."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.auth.models import User
from django.db import connection

from processes import actions, store
from processes.execution import recovery
from processes.models import EngineSettings
from processes.store import clock, leases
from processes.store.clock import EngineNow
from tests.processes import workflows
from tests.processes.conftest import RunReady
from tests.processes.store.test_host_clock import Host

pytestmark = pytest.mark.django_db


def seconds_from_now(moment: datetime | None) -> float:
    assert moment is not None
    return (moment - datetime.now(UTC)).total_seconds()


def test_now_is_now_and_in_utc() -> None:
    moment = clock.now()

    assert abs(seconds_from_now(moment)) < 5
    assert moment.utcoffset() == timedelta()


def test_clock_goes_on_within_a_transaction() -> None:
    assert connection.in_atomic_block

    assert clock.now() < clock.now()


def test_clock_can_be_moved_and_comes_back() -> None:
    with clock.shift(timedelta(hours=1)):
        assert 3595 < seconds_from_now(clock.now()) < 3605
        with clock.shift(timedelta(hours=-2)):
            assert -3605 < seconds_from_now(clock.now()) < -3595

    assert abs(seconds_from_now(clock.now())) < 5


def test_clock_comes_back_after_an_error() -> None:
    with pytest.raises(RuntimeError), clock.shift(timedelta(hours=1)):
        raise RuntimeError

    assert abs(seconds_from_now(clock.now())) < 5


@pytest.mark.parametrize("seconds", [0, 90, -90, 0.5])
def test_expression_writes_and_compares(seconds: float) -> None:
    EngineSettings.objects.create(paused_at=EngineNow(seconds))

    kept = EngineSettings.objects.get().paused_at
    assert abs(seconds_from_now(kept) - seconds) < 5
    assert EngineSettings.objects.filter(paused_at__gt=EngineNow(seconds - 60)).exists()
    assert not EngineSettings.objects.filter(paused_at__gt=EngineNow(seconds + 60)).exists()


def test_moved_clock_counts_in_expressions() -> None:
    EngineSettings.objects.create(paused_at=EngineNow(1800))

    assert not EngineSettings.objects.filter(paused_at__lt=EngineNow()).exists()
    with clock.shift(timedelta(hours=1)):
        assert EngineSettings.objects.filter(paused_at__lt=EngineNow()).exists()


@pytest.fixture
def host(transactional_db: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[Host]:
    """A host whose clocks are moved by hand, under the database of this test."""
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL has a clock of its own")
    made = Host()
    monkeypatch.setitem(clock._host_clocks, str(connection.settings_dict["NAME"]), made.clock(None))
    connection.ensure_connection()
    clock.add_to_sqlite(None, connection)
    yield made
    monkeypatch.undo()
    clock.add_to_sqlite(None, connection)


JUMPS = pytest.mark.parametrize("jump", [timedelta(hours=-3), timedelta(hours=3)], ids=["back", "forward"])


@JUMPS
def test_what_is_ready_does_not_wait_for_the_clock(
    host: Host, operator: User, run_ready: RunReady, jump: timedelta
) -> None:
    """M11: with the clock set back, ready work waited for it to catch up."""
    process = actions.start("count_to_two", [], by=operator)
    host.wall += jump

    assert clock.follow_wall() == jump
    run_ready()

    process.refresh_from_db()
    assert process.status == "completed"


@JUMPS
def test_running_step_keeps_its_lease_and_its_deadline(
    host: Host, operator: User, registered: None, jump: timedelta
) -> None:
    """M11: with the clock set forward, running steps were run again."""
    actions.start("count_to_two", [], by=operator)
    claim = store.claim("worker")
    assert claim is not None
    leases.set_deadline(claim, 60)
    host.wall += jump

    clock.follow_wall()

    assert (recovery.recover_expired(), recovery.overdue(["worker"])) == (0, [])
    host.wait(timedelta(seconds=store.LEASE_SECONDS + 1))
    assert recovery.workers_without_lease() == {"worker"}
    host.wait(timedelta(seconds=60))
    assert recovery.overdue(["worker"]) == ["worker"]
    assert clock.now() == host.wall
    assert recovery.recover_from(["worker"]) == 1


@JUMPS
def test_scheduled_retry_keeps_the_time_that_it_has_to_wait(
    host: Host, operator: User, run_ready: RunReady, jump: timedelta
) -> None:
    workflows.failures.append(ConnectionError("down"))
    actions.start("heal", [], by=operator)
    run_ready()
    waits = store.next_moment()
    assert waits
    host.wall += jump

    clock.follow_wall()

    assert store.next_moment() == pytest.approx(waits)


def test_small_differences_are_left_alone(host: Host) -> None:
    host.wall += timedelta(seconds=0.5)

    assert clock.follow_wall() == timedelta()


def test_boot_with_a_clock_that_is_behind_moves_what_waits(host: Host, operator: User, run_ready: RunReady) -> None:
    process = actions.start("count_to_two", [], by=operator)
    ran = clock.now()
    host.wall, host.boot = host.wall - timedelta(days=2000), b"second boot....."

    assert clock.catch_up(ran) == timedelta(days=-2000)
    run_ready()

    process.refresh_from_db()
    assert process.status == "completed"
