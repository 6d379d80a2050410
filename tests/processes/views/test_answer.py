"""The pages that give a suspended process its input."""

from typing import Any
from uuid import uuid4

import pytest
from django.contrib.auth.models import User
from django.test import Client

from processes import actions, queries
from processes.engine.values.status import ProcessStatus
from processes.models import Process
from tests.factories import processes as rows
from tests.processes.conftest import RunReady
from tests.processes.views.conftest import page, send, words

pytestmark = pytest.mark.django_db


def test_suspended_process_is_given_its_input(visitor: Client, operator: User, run_ready: RunReady) -> None:
    process = actions.start("ask_somebody", [], by=operator)
    run_ready()
    assert "Needs input from NOC" in words(page(visitor, process))

    first: Any = visitor.get(f"/processes/{process.pk}/input/")
    second: Any = visitor.post(first.url, {"sure": "on"})
    assert "Second" in visitor.get(second.url).content.decode()
    resumed: Any = visitor.post(second.url, {"why": "so"})

    assert resumed.url == f"/processes/{process.pk}/"
    run_ready()
    process.refresh_from_db()
    assert process.status == "completed"
    again: Any = visitor.post(second.url, {"why": "other"})
    assert again.url == f"/processes/{process.pk}/"


def test_input_of_a_process_that_waits_for_none_is_refused(visitor: Client) -> None:
    process = rows.process(ProcessStatus.FAILED)

    shown = visitor.get(f"/processes/{process.pk}/input/{uuid4()}/0/")

    assert (shown.status_code, "it does not need input" in shown.content.decode()) == (409, True)


def test_a_value_that_somebody_has_edited_meanwhile_is_not_reverted(
    visitor: Client, operator: User, admin_user: User, run_ready: RunReady
) -> None:
    """fault 16: an input step is filled with the state of its process."""
    process = actions.start("ask_somebody", [], by=operator)
    run_ready()
    first: Any = visitor.get(f"/processes/{process.pk}/input/")
    second: Any = send(visitor, visitor.get(first.url).content.decode(), "0", sure="on")
    html = visitor.get(second.url).content.decode()
    actions.edit_state(process.pk, {"name": "theirs"}, by=admin_user, reason="a better name")

    refused = send(visitor, html, "1", why="so", called="it")
    again = send(visitor, refused.content.decode(), "1", why="so", called="theirs")
    run_ready()

    text = words(refused.content.decode())
    assert (refused.status_code, "name , by admin at" in text) == (409, True)
    assert "it shows the present value" in text
    assert (again.status_code, 'value="so"' in refused.content.decode()) == (302, True)
    assert queries.current_state(process.pk)["called"] == "theirs"


@pytest.mark.parametrize("page_number", [0, 1])
def test_answers_to_an_earlier_question_are_refused(
    visitor: Client, operator: User, run_ready: RunReady, page_number: int
) -> None:
    """The process asks once more, in another round, while the form of before is open in a tab."""
    process = actions.start("ask_somebody", [], by=operator)
    run_ready()
    first: Any = visitor.get(f"/processes/{process.pk}/input/")
    shown, sent = visitor.get(first.url), {"sure": "on"}
    if page_number:
        second: Any = send(visitor, shown.content.decode(), "0", **sent)
        shown, sent = visitor.get(second.url), {"why": "so"}
    process.steps.filter(path="ask-twice").update(visit=2)
    Process.objects.update(position_visit=2)

    refused = send(visitor, shown.content.decode(), str(page_number), **sent)

    assert (refused.status_code, "has changed since you looked at it" in words(refused.content.decode())) == (409, True)
    assert Process.objects.get().status == "suspended"
    led: Any = visitor.get(f"/processes/{process.pk}/input/")
    assert "Second" not in visitor.get(led.url).content.decode()
