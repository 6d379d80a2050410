"""The page of a process: timeline, buttons with reasons, and polling that ends."""

import re
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.contrib.auth.models import User
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from processes import actions
from processes.engine.status import ProcessStatus, StepStatus
from processes.models import OutsideSystem
from processes.plugins.panels import FieldChange, StepChange, StepPatch
from tests.answers import NO_SUCH_PAGE, denied_page, error_page
from tests.factories import processes as rows
from tests.processes.conftest import RunReady
from tests.processes.views.conftest import forms, page, told, words

pytestmark = pytest.mark.django_db


def test_timeline_shows_what_is_to_come() -> None:
    assert told(rows.process(ProcessStatus.CREATED)) == [
        ("Create", "pending", []),
        ("Confirm", "pending", []),
        ("Finish", "pending", []),
    ]


def test_timeline_shows_the_try_that_runs() -> None:
    process = rows.process(ProcessStatus.RUNNING, position_path="confirm", position_attempt=2)
    rows.step(process, "create")
    rows.step(process, "confirm", StepStatus.CRASHED)

    assert told(process) == [("Create", "success", []), ("Confirm", "running", ["crashed"]), ("Finish", "pending", [])]


def test_timeline_shows_steps_that_the_plan_lacks() -> None:
    process = rows.process(ProcessStatus.ABORTED)
    rows.step(process, "create", StepStatus.FAILED)
    rows.step(process, "", StepStatus.ABORT, name="User Aborted")

    assert told(process) == [
        ("Create", "failed", []),
        ("Confirm", "pending", []),
        ("Finish", "pending", []),
        ("User Aborted", "abort", []),
    ]


def test_page_shows_what_steps_changed_outside_the_state(visitor: Client, settings: Any) -> None:
    settings.STEP_PANELS = ["tests.processes.views.test_detail.step_panel"] * 2
    asked.clear()
    process = rows.process(ProcessStatus.FAILED, position_path="finish")
    first = rows.step(process, "create", patch={"a": 1})
    rows.step(process, "finish", StepStatus.FAILED)

    html = page(visitor, process)

    assert words(html).count("Changed 1 field of thing < 1 > Field Before After a 1 2 thing < 1 > Version 7") == 2
    assert '<a href="/things/1">thing &lt; 1 &gt;</a>' in html
    assert "Changed 1 value of the state: a" in words(html)
    assert asked == [(process.pk, [StepPatch(first.pk, "create", {"a": 1})])] * 2


asked: list[tuple[UUID, list[StepPatch]]] = []


def step_panel(process_id: UUID, patches: list[StepPatch]) -> dict[int, list[StepChange]]:
    asked.append((process_id, patches))
    change = FieldChange("a", "changed", "1", "2")
    return {one.row_id: [StepChange("thing < 1 >", "/things/1", "Version 7", "/diff", (change,))] for one in patches}


def test_viewer_sees_buttons_with_the_reason_they_are_off(client: Client, viewer: User) -> None:
    client.force_login(viewer)

    html = page(client, rows.process(ProcessStatus.FAILED))

    assert set(forms(html)) == {"sign-out"}
    assert html.count('aria-disabled="true" title="This requires the role operator or admin."') == 3


@pytest.mark.parametrize(
    ("status", "answer", "seconds"),
    [
        (ProcessStatus.RUNNING, 200, "every 1s"),
        (ProcessStatus.FAILED, 200, "every 5s"),
        (ProcessStatus.SUSPENDED, 200, "every 5s"),
        (ProcessStatus.COMPLETED, 286, ""),
        (ProcessStatus.ABORTED, 286, ""),
    ],
)
def test_live_part_polls_while_something_can_change(
    status: ProcessStatus, answer: int, seconds: str, visitor: Client
) -> None:
    process = rows.process(status)

    response = visitor.get(f"/processes/{process.pk}/live/?seen={status}")

    found = re.search(r'hx-trigger="([^"]+)"', response.content.decode())
    assert (response.status_code, found[1] if found else "") == (answer, seconds)
    assert "hx-swap-oob" not in response.content.decode()


def test_live_part_brings_new_buttons_when_the_status_changed(visitor: Client) -> None:
    process = rows.process(ProcessStatus.FAILED)

    html = page(visitor, process, "live/?seen=running")

    assert 'id="verbs" class="d-flex flex-wrap gap-2" hx-swap-oob="true"' in html
    assert set(forms(html)) == {"retry", "abort", "note"}


@pytest.mark.parametrize("count", [1, 3])
def test_live_part_asks_the_same_number_of_questions(
    count: int, visitor: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    process = rows.process(ProcessStatus.RUNNING, about=str(uuid4()))
    for number in range(count):
        rows.step(process, f"extra-{number}", patch={"a": 1})
    page(visitor, process)

    with django_assert_num_queries(7):
        page(visitor, process, "live/")


def test_state_and_export_hold_everything(visitor: Client, operator: User, run_ready: RunReady) -> None:
    process = actions.start("sweep", [], by=operator)
    run_ready()

    assert "&quot;made&quot;" in page(visitor, process, "state/")
    exported = visitor.get(f"/processes/{process.pk}/export/")
    assert exported.headers["Content-Disposition"] == f'attachment; filename="process-{process.pk}.json"'
    assert (exported.json()["process_id"], exported.json()["current_state"]["made"]) == (str(process.pk), True)


@pytest.mark.parametrize("path", ["", "live/", "state/", "export/", "input/"])
def test_unknown_process_is_404(path: str, visitor: Client) -> None:
    assert error_page(visitor.get(f"/processes/{uuid4()}/{path}")) == NO_SUCH_PAGE


@pytest.mark.parametrize("path", ["", "live/", "state/", "export/"])
def test_stranger_sees_nothing(path: str, client: Client, stranger: User) -> None:
    client.force_login(stranger)

    assert error_page(client.get(f"/processes/{rows.process().pk}/{path}")) == denied_page()


def test_process_says_which_system_it_waits_for_and_why(visitor: Client) -> None:
    made = rows.process(ProcessStatus.WAITING, blocked_by_system="inventory")
    assert "Waiting for inventory" in visitor.get(f"/processes/{made.pk}/").content.decode()
    OutsideSystem.objects.create(name="inventory", at_once=4, rests_seconds=30, stopped_at=rows.AT, stopped_by="ada")

    html = visitor.get(f"/processes/{made.pk}/live/").content.decode()

    assert "Calls were stopped by ada. It continues automatically and keeps its retries" in words(html)
    assert "for inventory" in visitor.get("/processes/").content.decode()
