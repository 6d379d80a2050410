"""Whether the site is well, as a load balancer asks."""

from collections.abc import Callable

import pytest
from django.utils import timezone
from rest_framework.test import APIClient

from processes.models import Worker

pytestmark = pytest.mark.django_db
Client = Callable[..., APIClient]


def test_health_misses_a_worker(api: Client) -> None:
    answer = api().get("/api/health/")

    assert (answer.status_code, answer.json()) == (
        503,
        {"status": "failing", "checks": {"database": "ok", "migrations": "ok", "workers": "none seen recently"}},
    )


def test_health_is_ok_with_a_worker(api: Client) -> None:
    now = timezone.now()
    Worker.objects.create(id="w", host="h", pid=1, started_at=now, beat_at=now)

    answer = api().get("/api/health/")

    assert (answer.status_code, answer.json()["status"]) == (200, "ok")
