"""The engine over REST: its status, to read and to set, and its workers."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from pytest_django import DjangoAssertNumQueries
from rest_framework.test import APIClient

from processes.engine.values.status import ProcessStatus
from processes.models import EngineSettings
from processes.store import clock
from processes.workers.liveness import register
from tests.factories import processes as rows

pytestmark = pytest.mark.django_db
Client = Callable[..., APIClient]
RUNNING = {"global_lock": False, "running_processes": 0, "global_status": "RUNNING"}


def test_engine_is_paused_and_runs_again(api: Client, admin_user: User) -> None:
    client = api(admin_user)
    assert client.get("/api/settings/status").json() == RUNNING
    process = rows.process(ProcessStatus.RUNNING)

    pausing = client.put("/api/settings/status", {"global_lock": True})

    assert (pausing.status_code, pausing.json()) == (
        200,
        {"global_lock": True, "running_processes": 1, "global_status": "PAUSING"},
    )
    process.delete()
    assert client.get("/api/settings/status").json()["global_status"] == "PAUSED"
    assert client.put("/api/settings/status", {"global_lock": False}).json() == RUNNING


@pytest.mark.parametrize("body", [{}, [], {"global_lock": "yes"}, {"global_lock": 1}, {"global_lock": True, "x": 1}])
def test_nonsense_is_named(body: Any, api: Client, admin_user: User) -> None:
    answer = api(admin_user).put("/api/settings/status", body)

    assert (answer.status_code, answer.headers["Content-Type"]) == (400, "application/problem+json")
    assert answer.json()["errors"].keys() <= {"body", "global_lock", "x"}


@pytest.mark.parametrize(
    ("role", "read", "written", "workers"),
    [
        ("viewer", 200, 403, 403),
        ("operator", 200, 403, 200),
        ("admin_user", 200, 200, 200),
        ("stranger", 403, 403, 403),
    ],
)
def test_rights(role: str, read: int, written: int, workers: int, api: Client, request: pytest.FixtureRequest) -> None:
    client = api(request.getfixturevalue(role))

    answers = [
        client.get("/api/settings/status"),
        client.put("/api/settings/status", {"global_lock": True}),
        client.get("/api/settings/worker-status"),
    ]

    assert [answer.status_code for answer in answers] == [read, written, workers]
    assert EngineSettings.objects.filter(paused_at__isnull=False).exists() is (written == 200)


@pytest.mark.parametrize("count", [1, 3])
def test_workers_say_what_they_run(
    count: int, api: Client, operator: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    rows.process(ProcessStatus.CREATED, ready_at=clock.now() - timedelta(seconds=7))
    for _ in range(count):
        worker = register()
        process = rows.process(ProcessStatus.RUNNING, leased_by=worker.pk)
    client = api(operator)
    client.get("/api/settings/worker-status")

    with django_assert_num_queries(5):
        found = client.get("/api/settings/worker-status").json()

    assert found.pop("oldest_queued_seconds") >= 7
    (last,) = [one for one in found.pop("workers") if one["worker"] == worker.pk]
    assert found == {
        "executor_type": "workers",
        "number_of_workers_online": count,
        "number_of_queued_jobs": 1,
        "number_of_running_jobs": count,
    }
    told = {key: last[key] for key in ("pid", "state", "process_id", "workflow_name", "step")}
    assert told == {
        "pid": worker.pid,
        "state": "busy",
        "process_id": str(process.pk),
        "workflow_name": "create_node",
        "step": "Create",
    }
