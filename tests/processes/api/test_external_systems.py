"""External systems over REST: how they are, and who may stop their calls."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from django.contrib.auth.models import User
from pytest_django import DjangoAssertNumQueries
from rest_framework.test import APIClient

from processes.engine.values.status import ProcessStatus
from processes.models import AuditEvent, ExternalSystem
from processes.store.clock import EngineNow
from tests.answers import problem
from tests.factories import processes as rows

pytestmark = pytest.mark.django_db
Client = Callable[..., APIClient]
URL = "/api/settings/external-systems"
INVENTORY = {
    "name": "inventory",
    "state": "closed",
    "running": 0,
    "max_concurrent": 4,
    "waiting": 2,
    "failures": 0,
    "failure_threshold": 5,
    "cool_down_seconds": 30.0,
    "half_open_at": None,
    "stopped_by": None,
    "last_failure": None,
    "last_failed_at": None,
}


@pytest.fixture
def inventory(db: None) -> ExternalSystem:
    """The inventory, for which two processes wait."""
    for _ in range(2):
        rows.process(ProcessStatus.WAITING, blocked_by_system="inventory")
    return ExternalSystem.objects.create(
        name="inventory", max_concurrent=4, failure_threshold=5, cool_down_seconds=30.0
    )


def test_list_tells_how_they_are(api: Client, operator: User, inventory: ExternalSystem) -> None:
    until = datetime(2100, 1, 1, tzinfo=UTC)
    mast = {
        "cool_down_seconds": 2.0,
        "failures": 3,
        "failure_threshold": 3,
        "half_open_at": until,
        "last_failure": "OSError: no",
    }
    ExternalSystem.objects.create(name="mast", **mast)

    assert api(operator).get(URL).json() == [
        INVENTORY,
        {
            **INVENTORY,
            "name": "mast",
            "state": "open",
            "max_concurrent": None,
            "waiting": 0,
            "failures": 3,
            "failure_threshold": 3,
            "cool_down_seconds": 2.0,
            "half_open_at": "2100-01-01T00:00:00Z",
            "last_failure": "OSError: no",
        },
    ]


@pytest.mark.parametrize("count", [1, 3])
def test_list_asks_one_question(
    count: int, api: Client, operator: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(count):
        ExternalSystem.objects.create(name=f"system-{number}", cool_down_seconds=1)
    client = api(operator)
    client.get(URL)

    with django_assert_num_queries(1):
        assert len(client.get(URL).json()) == count


def test_calls_are_stopped_and_allowed(api: Client, admin_user: User, inventory: ExternalSystem) -> None:
    client = api(admin_user)

    for _ in range(2):
        answer = client.put(f"{URL}/inventory", {"stopped": True})
        assert (answer.status_code, answer.json()) == (
            200,
            {**INVENTORY, "state": "stopped", "stopped_by": "admin"},
        )
    for _ in range(2):
        assert client.put(f"{URL}/inventory", {"stopped": False}).json() == INVENTORY

    assert client.get(f"{URL}/inventory").json() == INVENTORY
    assert [one.action for one in AuditEvent.objects.order_by("id")] == ["stop_calls", "allow_calls"]


def test_open_circuit_breaker_is_closed(api: Client, admin_user: User, inventory: ExternalSystem) -> None:
    ExternalSystem.objects.update(failures=9, half_open_at=EngineNow(99), opened_at=EngineNow())

    assert api(admin_user).put(f"{URL}/inventory", {"stopped": False}).json() == INVENTORY


@pytest.mark.parametrize("body", [{}, [], {"stopped": "yes"}, {"stopped": None}, {"stopped": True, "x": 1}])
def test_nonsense_is_named(body: Any, api: Client, admin_user: User, inventory: ExternalSystem) -> None:
    answer = api(admin_user).put(f"{URL}/inventory", body)

    assert (answer.status_code, answer.headers["Content-Type"]) == (400, "application/problem+json")
    assert answer.json()["errors"].keys() <= {"body", "stopped", "x"}
    assert AuditEvent.objects.count() == 0


def test_system_that_nobody_calls_is_not_there(api: Client, admin_user: User) -> None:
    client = api(admin_user)

    answers = [client.get(f"{URL}/nothing"), client.put(f"{URL}/nothing", {"stopped": True})]

    assert [problem(answer) for answer in answers] == [(404, "There is no external system with this name.")] * 2


@pytest.mark.parametrize(
    ("role", "read", "written"),
    [("viewer", 403, 403), ("operator", 200, 403), ("admin_user", 200, 200), ("stranger", 403, 403)],
)
def test_rights(
    role: str, read: int, written: int, api: Client, inventory: ExternalSystem, request: pytest.FixtureRequest
) -> None:
    client = api(request.getfixturevalue(role))

    answers = [client.get(URL), client.get(f"{URL}/inventory"), client.put(f"{URL}/inventory", {"stopped": True})]

    assert [answer.status_code for answer in answers] == [read, read, written]
    inventory.refresh_from_db()
    assert (inventory.stopped_at is not None) is (written == 200)


def test_process_says_what_it_waits_for(api: Client, viewer: User, inventory: ExternalSystem) -> None:
    found = api(viewer).get("/api/processes/").json()

    assert [one["waits_for"] for one in found] == ["inventory", "inventory"]
    assert api(viewer).get(f"/api/processes/{found[0]['process_id']}").json()["waits_for"] == "inventory"
