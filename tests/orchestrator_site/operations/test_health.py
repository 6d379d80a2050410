"""Whether the site is well, as a load balancer asks."""

from collections.abc import Callable
from pathlib import Path

import pytest
from django.db import connection
from django.utils import timezone
from pytest_django.fixtures import Settings
from rest_framework.test import APIClient

from orchestrator_site.models import HealthMark
from orchestrator_site.operations import health
from processes.models import Worker

pytestmark = pytest.mark.django_db
Client = Callable[..., APIClient]
WELL = {"database": "ok", "migrations": "ok", "writes": "ok", "disk": "ok", "workers": "ok"}


@pytest.fixture(autouse=True)
def _nothing_is_remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health, "_last", health._Mark())
    monkeypatch.setattr(health, "_complete", [])


@pytest.fixture
def worker() -> Worker:
    now = timezone.now()
    return Worker.objects.create(id="w", host="h", pid=1, started_at=now, beat_at=now)


def test_health_misses_a_worker(api: Client) -> None:
    answer = api().get("/api/health/")

    assert (answer.status_code, answer.json()) == (
        503,
        {"status": "failing", "checks": {**WELL, "workers": "none seen recently"}},
    )


def test_health_is_ok_with_a_worker(api: Client, worker: Worker) -> None:
    answer = api().get("/api/health/")

    assert (answer.status_code, answer.json()) == (200, {"status": "ok", "checks": WELL})
    assert HealthMark.objects.count() == 1


def test_health_writes_once_in_a_while(api: Client, worker: Worker) -> None:
    api().get("/api/health/")
    HealthMark.objects.all().delete()

    api().get("/api/health/")

    assert HealthMark.objects.count() == 0


def test_health_misses_the_writing(api: Client, worker: Worker) -> None:
    """M1."""
    name = "RAISE(FAIL, 'database or disk is full')"
    if connection.vendor != "sqlite":
        pytest.skip("a trigger of SQLite stands for the full disk")
    with connection.cursor() as cursor:
        cursor.execute(
            f"CREATE TRIGGER full_disk BEFORE INSERT ON orchestrator_site_healthmark BEGIN SELECT {name}; END"
        )

    answer = api().get("/api/health/")

    assert (answer.status_code, answer.json()["checks"]) == (503, {**WELL, "writes": "refused"})


def test_health_misses_room_on_the_disk(
    api: Client, worker: Worker, settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.DATA_DIR = tmp_path
    monkeypatch.setattr(health, "LEAST_FREE", 10**18)

    answer = api().get("/api/health/")

    assert (answer.status_code, answer.json()["checks"]) == (503, {**WELL, "disk": "full"})


def test_health_misses_a_column(api: Client, worker: Worker) -> None:
    """M12."""
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE processes_step RENAME COLUMN reason TO motive")

    answer = api().get("/api/health/")

    assert (answer.status_code, answer.json()["checks"]) == (503, {**WELL, "migrations": "do not fit"})
