"""The refresh of an open page of a process: nothing when nothing has changed, else what has."""

import re
from html import unescape
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django import DjangoAssertNumQueries

from processes.engine.values.status import ProcessStatus, RunState, StepStatus
from processes.models import EngineSettings, Process, ProcessSubject
from tests.factories import processes as rows
from tests.processes.views.conftest import forms, page, words

pytestmark = pytest.mark.django_db


class OpenPage:
    """An open page of a process, as htmx keeps it: the ETag of its latest answer, and the folds whose steps it has."""

    def __init__(self, visitor: Client, process: Process) -> None:
        self.visitor = visitor
        self.address = f"/processes/{process.pk}/live/"
        html = page(visitor, process)
        self.etag = self.etag_in(html)
        self.folds = set(re.findall(r'name="fold" value="(\d+)"', html))

    def etag_in(self, html: str) -> str:
        named = re.search(r'If-None-Match": "([^\']+)"}\'', html)
        return named[1].replace("\\&quot;", '"') if named else ""

    def refresh(self) -> Any:
        """Ask as htmx does, and learn from the answer what to ask next."""
        answer = self.visitor.get(self.address, {"fold": sorted(self.folds)}, headers={"If-None-Match": self.etag})
        if answer.status_code == 200:
            assert self.etag_in(answer.content.decode()) == answer["ETag"]
            self.etag = answer["ETag"]
        return answer

    def renewed(self) -> list[str]:
        """The ids of the parts that the next refresh replaces, the first of them that which asks."""
        return re.findall(r'id="([^"]+)"[^>]*(?:hx-swap-oob|hx-swap="outerHTML")', self.refresh().content.decode())


@pytest.fixture
def running() -> Process:
    process = rows.process(ProcessStatus.RUNNING, position_path="confirm", last_step="Create", about=str(uuid4()))
    rows.step(process, "create", sequence=1)
    return process


def test_nothing_new_is_304(visitor: Client, running: Process) -> None:
    opened = OpenPage(visitor, running)

    answers = [opened.refresh() for _ in range(2)]

    assert [answer.status_code for answer in answers] == [304, 304]
    assert [(answer.content, answer["ETag"]) for answer in answers] == [(b"", opened.etag)] * 2


def test_nothing_new_costs_one_statement_besides_the_sign_in(
    visitor: Client, running: Process, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    opened = OpenPage(visitor, running)

    with django_assert_num_queries(3):
        opened.refresh()


def test_committed_step_brings_itself_and_the_next(visitor: Client, running: Process) -> None:
    opened = OpenPage(visitor, running)

    rows.step(running, "confirm", sequence=2, patch={"a": 1})
    Process.objects.update(position_path="finish", sequence=2)

    assert opened.renewed() == ["poll", "steps-done", "step-confirm", "step-finish"]
    assert opened.refresh().status_code == 304


def test_note_of_somebody_else_brings_facts_and_dialogs(visitor: Client, running: Process) -> None:
    opened = OpenPage(visitor, running)

    Process.objects.update(note="ask <Ann>")

    html = opened.refresh().content.decode()
    assert re.findall(r'id="([^"]+)"[^>]* hx-swap-oob', html)[:6] == [
        "fact-status", "fact-step", "fact-duration", "fact-worker", "fact-note", "dialogs",
    ]  # fmt: skip
    assert html.count("ask &lt;Ann&gt;") == 3  # among the facts, and what the form holds and has seen


def test_failure_brings_notice_and_buttons(visitor: Client, running: Process) -> None:
    opened = OpenPage(visitor, running)

    rows.step(running, "confirm", StepStatus.FAILED, error={"class": "ValueError", "message": "no", "traceback": ""})
    Process.objects.update(
        status=ProcessStatus.FAILED,
        run_state=RunState.STOPPED,
        leased_by="",
        error_class="ValueError",
        failed_reason="no",
    )

    html = opened.refresh().content.decode()
    assert "Failed: ValueError no Fix the cause and retry" in words(html)
    assert 'hx-trigger="every 5s"' in html
    assert set(forms(html)) == {"retry"}
    assert 'id="verb-skip"' not in html


def test_pause_brings_the_banner_and_its_end_takes_it_away(visitor: Client, running: Process) -> None:
    opened = OpenPage(visitor, running)

    EngineSettings.objects.create(pk=1, paused_at=rows.AT)
    paused = opened.refresh().content.decode()
    EngineSettings.objects.update(paused_at=None)

    assert "The engine is paused." in paused
    assert '<div id="paused" hx-swap-oob="true"></div>' in opened.refresh().content.decode()


def test_subject_brings_its_links(visitor: Client, running: Process) -> None:
    opened = OpenPage(visitor, running)

    ProcessSubject.objects.create(process=running, kind="subscription", subject_id=str(uuid4()), label="port 7")
    Process.objects.update(sequence=2)

    assert "port 7" in opened.refresh().content.decode()


def test_end_stops_the_polling(visitor: Client, running: Process) -> None:
    opened = OpenPage(visitor, running)

    Process.objects.update(
        status=ProcessStatus.COMPLETED, run_state=RunState.ENDED, leased_by="", position_path="", ended_at=rows.AT
    )

    answers = [opened.refresh() for _ in range(2)]
    assert [(answer.status_code, "hx-get" in answer.content.decode()) for answer in answers] == [(286, False)] * 2
    assert "Completed" in words(answers[0].content.decode())


def test_other_plan_brings_the_whole_page(visitor: Client, running: Process) -> None:
    opened = OpenPage(visitor, running)

    running.workflow_version = rows.workflow_version(plan=rows.long_plan(3))
    running.save()

    answer = opened.refresh()
    assert (answer["HX-Retarget"], answer["HX-Reswap"]) == ("#live", "outerHTML")
    assert re.findall(r'class="step-name">([^<]+)<', answer.content.decode()) == [
        "Step 1",
        "Step 2",
        "Step 3",
        "Create",
    ]


def test_page_of_an_earlier_release_is_given_the_whole_page(visitor: Client, running: Process) -> None:
    answer = visitor.get(f"/processes/{running.pk}/live/?seen=running")

    assert (answer.status_code, answer["HX-Retarget"], 'id="live"' in answer.content.decode()) == (200, "#live", True)


@pytest.mark.parametrize(
    ("status", "seconds"),
    [
        (ProcessStatus.RUNNING, "every 1s"),
        (ProcessStatus.CREATED, "every 1s"),
        (ProcessStatus.FAILED, "every 5s"),
        (ProcessStatus.SUSPENDED, "every 5s"),
        (ProcessStatus.COMPLETED, None),
        (ProcessStatus.ABORTED, None),
    ],
)
def test_page_asks_while_something_can_change(status: ProcessStatus, seconds: str | None, visitor: Client) -> None:
    html = page(visitor, rows.process(status))

    asked = re.search(r'id="poll"\s+hx-get="[^"]+" hx-trigger="([^"]+)"', html)
    assert (asked[1] if asked else None) == seconds


def test_refresh_is_flat_in_the_number_of_steps(visitor: Client) -> None:
    def cost(count: int) -> tuple[int, int]:
        """Statements and steps of a refresh when one more step is done."""
        process = rows.long_process(steps=count + 50, done=count, about=str(uuid4()))
        opened = OpenPage(visitor, process)
        rows.walk(process, count + 1, count + 1)
        with CaptureQueriesContext(connection) as queries:
            html = opened.refresh().content.decode()
        return len(queries), html.count('<li class="step ')

    costs = [cost(1), cost(3), cost(1_000)]

    assert costs == [costs[0]] * 3
    assert costs[0][0] <= 11
    assert costs[0][1] == 2


def test_next_fold_is_opened_and_the_link_leads_to_it(visitor: Client) -> None:
    process = rows.long_process(steps=200, done=80)
    opened = OpenPage(visitor, process)

    rows.walk(process, 81, 160)

    html = opened.refresh().content.decode()
    assert 'id="steps-here" href="#step-step-161" hx-swap-oob="true"' in html
    assert re.findall(r'id="(fold-\d)"\s+open hx-swap-oob', html) == ["fold-4"]
    assert [words(html).count(f"Steps {first}") for first in (51, 101, 151)] == [0, 0, 1]
    assert words(html).count("50 of 50 done") == 2


def test_fold_is_sent_to_a_page_that_opens_it(visitor: Client) -> None:
    process = rows.long_process(steps=200, done=20)

    html = visitor.get(f"/processes/{process.pk}/steps/4/", headers={"HX-Request": "true"}).content.decode()

    assert re.findall(r'id="(step[^"]+)"', html) == ["steps-4", *(f"step-step-{number}" for number in range(151, 201))]
    assert visitor.get(f"/processes/{process.pk}/steps/5/", headers={"HX-Request": "true"}).status_code == 404


MUCH = {"blob": "x" * 9_600_000, "list": ["y" * 40] * 1000, **{f"key-{number}": number for number in range(2000)}}


def test_large_state_is_sent_neither_with_the_page_nor_with_a_poll(visitor: Client) -> None:
    """fault 31: 9.6 MB of state, 19.2 MB at every poll."""
    process = rows.process(ProcessStatus.RUNNING, position_path="confirm", sequence=1, progress={"log": "z" * 90_000})
    rows.step(process, sequence=1, patch=MUCH)
    opened = OpenPage(visitor, process)
    rows.step(process, "confirm", sequence=2, patch=MUCH)
    Process.objects.update(position_path="finish", sequence=2, attempt_started_at=rows.AT)

    sizes = [len(page(visitor, process)), len(opened.refresh().content)]

    assert max(sizes) < 40_000
    assert opened.refresh().status_code == 304


@pytest.mark.parametrize("path", ["values/?step=create&visit=1&attempt=1", "state/"])
def test_pages_of_values_show_the_beginning_and_lead_to_a_file(visitor: Client, path: str) -> None:
    process = rows.process(ProcessStatus.RUNNING, sequence=1)
    rows.step(process, sequence=1, patch=MUCH)

    html = page(visitor, process, path)

    assert len(html) < 700_000
    assert "more characters" in html


def test_file_of_values_has_all_of_them(visitor: Client) -> None:
    process = rows.process(ProcessStatus.RUNNING, sequence=1)
    rows.step(process, sequence=1, patch=MUCH)

    (link,) = re.findall(r'href="([^"]+as=file)"', page(visitor, process, "values/?step=create&visit=1&attempt=1"))
    answer = visitor.get(unescape(link))

    assert answer.json() == MUCH
    assert answer["Content-Disposition"].startswith("attachment")


def test_step_that_failed_often_is_sent_with_its_latest_attempts(visitor: Client) -> None:
    """A traceback has 50 kB; each poll that brings one more attempt sent those of all before it."""
    process = rows.process(ProcessStatus.RUNNING, position_path="create", position_attempt=200)
    error = {"class": "ValueError", "message": "no", "traceback": "trace\n" * 8000}
    for attempt in range(1, 200):
        rows.step(process, "create", StepStatus.WAITING, attempt=attempt, error=error)

    html = page(visitor, process)

    assert len(html) < 120_000
    assert "199 earlier attempts" in words(html)
    assert "The first 179 are in the export." in words(html)
    (link, *_) = re.findall(r'href="([^"]+)">Traceback of attempt 199', html)
    assert "trace\ntrace" in visitor.get(unescape(link)).content.decode()
