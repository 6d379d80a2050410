"""The pages that start a workflow, used as a browser without JavaScript uses them."""

import re
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client

from processes import actions
from processes.models import FormDraft, Process
from processes.store import load_state
from tests.processes import form_workflows
from tests.processes.views.conftest import begin, go, text

pytestmark = pytest.mark.django_db


def test_start_leads_through_the_pages_to_the_process(visitor: Client) -> None:
    first = begin(visitor, "create_thing", "?product=node")
    assert first.endswith("/1/?product=node")
    shown = visitor.get(first)
    assert (shown.status_code, "Name it" in text(shown), "Steps" in text(shown)) == (200, True, True)
    assert "Make it" in text(shown)

    second = go(visitor, first, name="one").url
    assert "Colour of one" in text(visitor.get(second))
    check = go(visitor, second, colour="b").url
    reviewed = text(visitor.get(check))
    assert "Blue" in reviewed
    assert Process.objects.count() == 0

    started = go(visitor, check)

    process = Process.objects.get()
    assert started.url == f"/processes/{process.pk}/"
    state = load_state(process.pk).as_dict()
    assert {key: state[key] for key in ("name", "colour", "product")} == {
        "name": "one",
        "colour": "b",
        "product": "node",
    }


def test_start_without_a_prefill_asks_page_0(visitor: Client) -> None:
    first = begin(visitor, "create_thing")

    second = go(visitor, first, product="node").url

    assert (first.split("/")[-2], second.split("/")[-2]) == ("0", "1")
    assert "Name it" in text(visitor.get(second))


def test_start_with_a_wrong_prefill_asks_page_0_with_the_error(visitor: Client) -> None:
    url = begin(visitor, "create_thing", "?product=ship")

    shown = visitor.get(url)

    assert (shown.status_code, "Input should be 'node'" in shown.content.decode().replace("&#x27;", "'")) == (422, True)
    second = go(visitor, re.search(r'action="([^"]+/0/[^"]*)"', shown.content.decode())[1], product="node").url  # type: ignore[index]
    assert "Name it" in text(visitor.get(second))


def test_start_shows_errors_at_the_field_and_keeps_the_answers(visitor: Client) -> None:
    url = begin(visitor, "create_thing", "?product=node")

    shown = go(visitor, url, name="x", **{"sizes.0": "12", "sizes.1": "many"})

    html = shown.content.decode()
    assert (shown.status_code, "2 problems on this page" in html) == (422, True)
    assert 'href="#id_name"' in html
    assert 'href="#id_sizes.1"' in html
    assert 'value="x"' in html
    assert FormDraft.objects.count() == 0


def test_refused_start_tells_why_and_what_is_in_the_way(visitor: Client, settings: Any) -> None:
    settings.PROCESS_PANELS = ["tests.processes.views.test_start.panel"]
    second = go(visitor, begin(visitor, "use_thing"), name="one").url
    check = go(visitor, second, colour="r").url

    shown = go(visitor, check)

    assert (shown.status_code, "The thing is in use." in text(shown)) == (409, True)
    assert '<a href="/things/s-1/">Thing s-1</a>' in shown.content.decode()
    assert Process.objects.count() == 0


def panel(kind: str, ids: list[str]) -> dict[str, dict[str, str]]:
    return {one: {"label": f"Thing {one}", "url": f"/things/{one}/"} for one in ids}


def test_form_that_cannot_be_made_says_so(visitor: Client) -> None:
    form_workflows.unreachable.append("inventory is down")

    shown = visitor.get(begin(visitor, "ask_outside"))

    assert (shown.status_code, "inventory is down" in text(shown)) == (503, True)


def test_unknown_workflow_is_404_and_a_viewer_is_told_why_not(client: Client, viewer: User, registered: None) -> None:
    client.force_login(viewer)

    refused = client.get("/workflows/create_thing/start/")

    assert (refused.status_code, "requires the role operator" in text(refused)) == (403, True)
    client.force_login(User.objects.create_superuser("root"))
    assert client.get("/workflows/no_such/start/").status_code == 404


def test_tasks_are_listed_with_what_they_do(visitor: Client) -> None:
    shown = visitor.get("/tasks/")

    found = re.findall(r'<h2 class="h4 mb-0">([^<]+)</h2>', shown.content.decode())
    assert found == ["Ask outside", "Ask somebody", "Break and mend", "Sweep alone", "Sweep the floor"]
    assert 'href="/workflows/sweep/start/"' in shown.content.decode()


def test_start_says_at_once_that_it_is_not_welcome(visitor: Client, operator: User) -> None:
    actions.start("sweep_alone", [], by=operator)

    shown = visitor.get(begin(visitor, "sweep_alone"), follow=True)

    assert "sweep_alone is already running." in text(shown)


def test_start_says_at_once_that_the_engine_is_paused_and_keeps_answers(visitor: Client, admin_user: User) -> None:
    actions.pause(by=admin_user)
    first = begin(visitor, "create_thing", "?product=node")
    assert "The engine is paused" in text(visitor.get(first))

    check = go(visitor, go(visitor, first, name="one").url, colour="b").url
    assert "The engine is paused" in text(visitor.get(check))
    assert "The engine is paused" in text(go(visitor, check))
    actions.unpause(by=admin_user)
    go(visitor, check)

    assert Process.objects.count() == 1
