"""The buttons of the page of a process: retry, abort and the note."""

import pytest
from django.contrib.auth.models import User
from django.test import Client

from processes import actions
from processes.engine.values.status import ProcessStatus
from processes.models import Process
from tests.factories import processes as rows
from tests.processes import form_workflows
from tests.processes.conftest import RunReady
from tests.processes.views.conftest import forms, page, send, told, words

pytestmark = pytest.mark.django_db


def test_page_shows_a_failure_and_retry_mends_it(visitor: Client, operator: User, run_ready: RunReady) -> None:
    form_workflows.problems.append(ValueError("no <luck>"))
    process = actions.start("break_and_mend", [], by=operator)
    run_ready()
    html = page(visitor, process)
    assert "no &lt;luck&gt;" in html
    assert "Traceback (most recent call last)" in html
    assert set(forms(html)) >= {"retry", "abort", "note"}

    answers = [send(visitor, html, "retry").url for _ in range(2)]
    run_ready()

    assert answers == [f"/processes/{process.pk}/"] * 2
    assert told(process) == [("Make it", "success", []), ("Break", "success", ["failed"])]
    html = page(visitor, process)
    assert "1 earlier attempt" in words(html)
    assert "hx-trigger" not in html.partition('id="live"')[2].partition(">")[0]


def test_page_asks_before_it_aborts_and_tells_why_it_cannot_again(visitor: Client, operator: User) -> None:
    process = actions.start("sweep", [], by=operator)
    html = page(visitor, process)

    send(visitor, html, "abort", reason="no longer needed")

    assert Process.objects.get().status == "aborted"
    html = page(visitor, process)
    assert "abort" not in forms(html)
    assert "The process is aborted." in html
    assert "no longer needed" in html


def test_note_is_kept(visitor: Client) -> None:
    process = rows.process()

    send(visitor, page(visitor, process), "note", note="ask <Ann>")

    process.refresh_from_db()
    assert process.note == "ask <Ann>"
    assert "ask &lt;Ann&gt;" in page(visitor, process)


def test_note_that_is_too_long_is_told_and_kept(visitor: Client) -> None:
    """fault 13: an end of a line counts once."""
    process, line = rows.process(), "x" * 19 + "\r\n"

    kept = send(visitor, page(visitor, process), "note", note=line * 249)
    told = send(visitor, page(visitor, process), "note", note=line * 251)

    assert (kept.status_code, len(Process.objects.get().note or "")) == (302, 249 * 20 - 1)
    assert told.status_code == 422
    assert "At most 5000 characters; this one has 5019." in words(told.content.decode())
    assert told.content.decode().count("x" * 19) == 251 + 249  # what was typed, and what the note is


def test_note_that_somebody_has_changed_is_not_overwritten_unseen(visitor: Client) -> None:
    """fault 16"""
    process = rows.process()
    html = page(visitor, process)
    send(visitor, html, "note", note="of the first")

    told = send(visitor, html, "note", note="of the second")

    text = words(told.content.decode())
    assert "It is now: “of the first”. Save again to replace it." in text
    assert Process.objects.get().note == "of the first"
    assert send(visitor, told.content.decode(), "note", note="of the second").status_code == 302
    assert Process.objects.get().note == "of the second"


def test_retry_that_is_not_possible_is_told(visitor: Client) -> None:
    process = rows.process(ProcessStatus.COMPLETED)

    html = visitor.post(f"/processes/{process.pk}/retry/", follow=True).content.decode()

    assert "Only a failed or waiting process can be retried" in html


@pytest.mark.parametrize("verb", ["retry", "abort"])
def test_button_of_a_page_that_has_grown_old_does_nothing(
    visitor: Client, operator: User, admin_user: User, run_ready: RunReady, verb: str
) -> None:
    """The process failed anew after the page was shown: what the person saw is not what it is."""
    form_workflows.problems[:] = [ValueError("no"), ValueError("still no")]
    process = actions.start("break_and_mend", [], by=operator)
    run_ready()
    old = page(visitor, process)
    actions.retry(process.pk, by=admin_user)
    run_ready()
    form_workflows.problems.clear()

    send(visitor, old, verb)

    assert "The process has changed since you looked at it: it is failed at Break now." in words(page(visitor, process))
    assert Process.objects.get().status == "failed"
    send(visitor, page(visitor, process), verb)
    assert Process.objects.get().status != "failed"


def test_running_process_is_aborted_wherever_it_is(visitor: Client) -> None:
    process = rows.process(ProcessStatus.RUNNING)
    old = page(visitor, process)
    Process.objects.update(position_path="confirm", sequence=1, position_attempt=1)

    send(visitor, old, "abort", reason="enough")

    assert Process.objects.get().status == "aborted"


def test_reason_that_is_too_long_is_told_and_nothing_is_cut(visitor: Client) -> None:
    process = rows.process(ProcessStatus.FAILED)

    answer = send(visitor, page(visitor, process), "abort", reason="x" * 2001)

    html = answer.content.decode()
    assert "At most 2000 characters; this one has 2001." in words(html)
    assert ("x" * 2001 in html, answer.status_code) == (True, 422)
    assert Process.objects.get().status == "failed"
