"""The engine's clock is the database's, and tests can move it."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection

from processes.models import EngineSettings
from processes.store import clock
from processes.store.clock import EngineNow

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
