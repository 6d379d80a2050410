"""What people read of an external system: its state, in words."""

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone

from processes.engine.values.errors import StepError
from processes.engine.values.status import ProcessStatus
from processes.models import ExternalSystem, Process, SystemSlot
from processes.queries import external_systems, incidents
from processes.queries.external_systems import SystemState
from processes.store import clock, slots
from processes.store.clock import EngineNow
from tests.factories import processes as rows

pytestmark = pytest.mark.django_db


def system(running: int = 0, **columns: Any) -> ExternalSystem:
    made = ExternalSystem.objects.create(
        name="inventory", **{"max_concurrent": 4, "cool_down_seconds": 30.0, **columns}
    )
    for number in range(1, running + 1):
        busy(made, number, rows.process(ProcessStatus.RUNNING, position_attempt=1, fence=7))
    return made


def busy(of: ExternalSystem, number: int, process: Process) -> None:
    SystemSlot.objects.create(
        system=of, number=number, process_id=process.pk, fence=7, path="create", visit=1, attempt=1
    )


@pytest.mark.parametrize(
    ("running", "columns", "state", "is_full", "words"),
    [
        (0, {}, SystemState.CLOSED, False, "0 of 4 calls are running"),
        (1, {"max_concurrent": 1}, SystemState.CLOSED, True, "1 of 1 call is running"),
        (4, {}, SystemState.CLOSED, True, "4 of 4 calls are running"),
        (1, {"max_concurrent": None}, SystemState.CLOSED, False, "1 call is running"),
        (5, {"max_concurrent": None}, SystemState.CLOSED, False, "5 calls are running"),
        (0, {"stopped_at": EngineNow(), "stopped_by": "ada"}, SystemState.STOPPED, False, "Calls were stopped by ada"),
        (
            1,
            {"half_open_at": EngineNow(-1), "failures": 1},
            SystemState.HALF_OPEN,
            False,
            "Testing recovery of inventory: one call at a time (1 consecutive failure)",
        ),
    ],
)
def test_state_in_words(running: int, columns: dict[str, Any], state: SystemState, is_full: bool, words: str) -> None:
    system(running, **columns)

    (found,) = external_systems.rows()

    assert (found.state, found.is_full, found.running, found.words) == (state, is_full, running, words)


def test_open_circuit_breaker_tells_until_when() -> None:
    until = clock.now() + timedelta(seconds=90)
    system(half_open_at=until, failures=5)

    found = external_systems.row("inventory")

    assert found is not None
    assert (found.state, found.is_open, found.words) == (
        SystemState.OPEN,
        True,
        f"Calls to inventory are paused until {timezone.localtime(until):%H:%M:%S} (5 consecutive failures)",
    )


def test_slot_whose_process_is_elsewhere_counts_for_nothing() -> None:
    made = system()
    elsewhere: list[dict[str, Any]] = [
        {"fence": 8}, {"position_path": "finish"}, {"position_visit": 2}, {"position_attempt": 2},
    ]  # fmt: skip
    for number, columns in enumerate(elsewhere, start=1):
        here: dict[str, Any] = {"position_attempt": 1, "fence": 7, **columns}
        busy(made, number, rows.process(ProcessStatus.RUNNING, **here))
    busy(made, 9, rows.process(ProcessStatus.FAILED, position_attempt=1, fence=7))

    assert [one.running for one in external_systems.rows()] == [0]


def test_only_those_that_are_not_closed_are_incidents() -> None:
    system()
    for number, columns in enumerate(
        ({"stopped_at": EngineNow()}, {"half_open_at": EngineNow(9)}, {"half_open_at": EngineNow(-9)})
    ):
        ExternalSystem.objects.create(name=f"system-{number}", cool_down_seconds=1, opened_at=EngineNow(), **columns)

    assert [(one.name, one.state.value, one.is_open) for one in incidents.standing()] == [
        ("system-0", "stopped", False),
        ("system-1", "open", True),
        ("system-2", "half_open", False),
    ]


def test_system_that_is_not_known_has_no_row() -> None:
    assert external_systems.row("nothing") is None


@pytest.mark.parametrize("seconds", [1e12, 1e300, -5.0])
def test_absurd_rest_is_held_to_a_week(seconds: float, client: Client, admin_user: User, api: Any) -> None:
    """Fault 9, M5: two failures made the engine page, metrics, admin and REST 500 for good."""
    made = system(cool_down_seconds=seconds, failure_threshold=1)
    error = StepError("Gone", "no", "")

    failures = slots.count_failure("inventory", error)

    assert failures is not None
    assert 0 <= failures.seconds <= 604_800
    made.refresh_from_db()
    assert made.half_open_at is not None
    assert timedelta(0) <= made.half_open_at - timezone.now() <= timedelta(days=7, minutes=1)
    assert_pages_answer(client, admin_user, api)


@pytest.mark.parametrize("moment", [datetime(9999, 12, 31, 23, 59, tzinfo=UTC), datetime(1, 1, 1, tzinfo=UTC)])
def test_no_page_depends_on_a_row_being_sane(moment: datetime, client: Client, admin_user: User, api: Any) -> None:
    system(half_open_at=moment, opened_at=moment, last_failed_at=moment, failures=1)

    for zone in ("Europe/Amsterdam", "America/New_York"):
        with timezone.override(ZoneInfo(zone)):
            assert_pages_answer(client, admin_user, api)


def assert_pages_answer(client: Client, admin_user: User, api: Any) -> None:
    """Every page that shows external systems is there, and the button that undoes it works."""
    admin_user.is_staff = admin_user.is_superuser = True
    admin_user.save()
    client.force_login(admin_user)
    row = ExternalSystem.objects.get()
    pages = ["/engine/", "/engine/live/", "/metrics", "/admin/processes/externalsystem/"]
    answers = {
        page: client.get(page).status_code for page in [*pages, f"/admin/processes/externalsystem/{row.pk}/change/"]
    }
    assert set(answers.values()) == {200}, answers
    listed = api(admin_user).get("/api/settings/external-systems").json()
    assert [one["name"] for one in listed] == ["inventory"]


def test_of_processes_that_are_not_seen_only_the_room_they_take_is_told() -> None:
    system(running=4)
    waiting = [rows.process(ProcessStatus.WAITING, blocked_by_system="inventory") for _ in range(2)]

    (found,) = external_systems.rows(Process.objects.filter(pk=waiting[0].pk))
    (of_nobody,) = external_systems.rows(Process.objects.none())

    assert (found.running, found.waiting, found.is_full) == (0, 1, True)
    assert (of_nobody.running, of_nobody.waiting, of_nobody.is_full) == (0, 0, True)
