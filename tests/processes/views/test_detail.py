"""The page of a process: timeline, folds, buttons with reasons."""

import re
from html import unescape
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from processes import actions
from processes.engine.values.status import ProcessStatus, StepStatus
from processes.models import ExternalSystem
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


def shown_steps(html: str) -> list[str]:
    return re.findall(r'<li class="step [^"]*"\s+id="([^"]+)"', html)


def test_long_process_opens_folded_with_links_that_need_no_javascript(visitor: Client) -> None:
    process = rows.long_process(steps=1_000, done=500)
    html = page(visitor, process)
    assert shown_steps(html) == [f"step-step-{number}" for number in range(451, 551)]
    assert "Steps 1–50 50 of 50 done Show these steps" in words(html)  # noqa: RUF001 - as the page writes a range
    assert re.findall(r'<a id="steps-here" href="#([^"]+)">', html) == ["step-step-501"]
    (link,) = re.findall(r'<a href="(/processes/[^"]+/steps/1/)">', html)

    opened: Any = visitor.get(link)

    assert opened.url == f"/processes/{process.pk}/?fold=1#fold-1"
    assert shown_steps(page(visitor, process, "?fold=1&fold=x&fold=99999999999"))[:51] == [
        *(f"step-step-{number}" for number in range(1, 51)),
        "step-step-451",
    ]


def test_page_opens_the_fold_of_a_step_that_the_address_names(visitor: Client) -> None:
    process = rows.long_process(steps=1_000, done=20)

    html = page(visitor, process, "?at=step-step-777&at=step-nonsense")

    assert shown_steps(html) == [f"step-step-{number}" for number in (*range(1, 51), *range(751, 801))]


def test_values_that_a_step_changed_come_when_they_are_asked_for(visitor: Client) -> None:
    process = rows.process(ProcessStatus.FAILED)
    rows.step(process, "a/b ü", patch={"secret_of_the_house": "<none>"}, visit=2, attempt=3)
    html = page(visitor, process)
    assert "Changed 1 value of the state: secret_of_the_house" in words(html)
    assert "none&gt;" not in html

    link, *others = (unescape(link) for link in re.findall(r'="(/processes/[^"]+/values/[^"]+)"', html))
    whole = visitor.get(link).content.decode()
    part = visitor.get(link, headers={"HX-Request": "true"}).content.decode()

    assert others == [link]
    assert "<title>Changed values" in whole
    assert "<title>" not in part
    for shown in (whole, part):
        assert 'secret_of_the_house "<none>" Copy as JSON' in words(shown)
    assert error_page(visitor.get(link.replace("attempt=3", "attempt=x"))) == NO_SUCH_PAGE


def test_page_asks_the_same_number_of_questions(visitor: Client) -> None:
    def asked(count: int) -> int:
        process = rows.long_process(steps=count + 1, done=count, about=str(uuid4()))
        page(visitor, process)
        with CaptureQueriesContext(connection) as queries:
            page(visitor, process)
        return len(queries)

    assert asked(1) == asked(3) == asked(1_000) - 1 <= 11  # without folds all steps are read at once


def test_state_and_export_hold_everything(visitor: Client, operator: User, run_ready: RunReady) -> None:
    process = actions.start("sweep", [], by=operator)
    run_ready()

    assert "&quot;made&quot;" in page(visitor, process, "state/")
    exported = visitor.get(f"/processes/{process.pk}/export/")
    assert exported.headers["Content-Disposition"] == f'attachment; filename="process-{process.pk}.json"'
    assert (exported.json()["process_id"], exported.json()["current_state"]["made"]) == (str(process.pk), True)


@pytest.mark.parametrize(
    "path", ["", "live/", "state/", "export/", "input/", "steps/1/", "values/?step=create&visit=1&attempt=1"]
)
def test_unknown_process_is_404(path: str, visitor: Client) -> None:
    answer = visitor.get(f"/processes/{uuid4()}/{path}", headers={"HX-Request": "true"})

    assert error_page(answer) == NO_SUCH_PAGE


@pytest.mark.parametrize(
    "path", ["", "live/", "state/", "export/", "steps/1/", "values/?step=create&visit=1&attempt=1"]
)
def test_stranger_sees_nothing(path: str, client: Client, stranger: User) -> None:
    client.force_login(stranger)

    assert error_page(client.get(f"/processes/{rows.process().pk}/{path}")) == denied_page()


def test_process_says_which_system_it_waits_for_and_why(visitor: Client) -> None:
    made = rows.process(ProcessStatus.WAITING, blocked_by_system="inventory")
    assert "Waiting for inventory" in visitor.get(f"/processes/{made.pk}/").content.decode()
    ExternalSystem.objects.create(
        name="inventory", max_concurrent=4, cool_down_seconds=30, stopped_at=rows.AT, stopped_by="ada"
    )

    html = visitor.get(f"/processes/{made.pk}/live/").content.decode()

    assert "Calls were stopped by ada. It continues automatically and keeps its retries" in words(html)
    assert "for inventory" in visitor.get("/processes/").content.decode()
