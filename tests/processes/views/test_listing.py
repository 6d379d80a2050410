"""The list of processes as a page and as CSV."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from processes.engine.values.status import ProcessStatus, Target
from tests.answers import denied_page, error_page
from tests.factories.processes import AT, process

pytestmark = pytest.mark.django_db
ONE, TWO = "0f2b8a52-6a0b-4a7e-9c71-9d3c5f1f8a10", "1f2b8a52-6a0b-4a7e-9c71-9d3c5f1f8a10"


@pytest.fixture
def visitor(client: Client, viewer: User) -> Client:
    client.force_login(viewer)
    return client


@pytest.fixture
def several(db: None) -> None:
    process(ProcessStatus.COMPLETED, created_by="ann", about=ONE)
    process(ProcessStatus.FAILED, created_by="bob", workflow="use_node", started_at=AT + timedelta(minutes=1))
    later = AT + timedelta(minutes=2)
    process(ProcessStatus.RUNNING, created_by="cy", target=Target.SYSTEM, workflow="fill", started_at=later)


def people(response: Any) -> list[str]:
    return re.findall(r'data-label="Started by"><span>([^<]+)</span>', response.content.decode())


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", ["cy", "bob", "ann"]),
        ("?view=active", ["cy", "bob"]),
        ("?view=failed", ["bob"]),
        ("?view=completed", ["ann"]),
        ("?is_task=true", ["cy"]),
        ("?is_task=false", ["bob", "ann"]),
        ("?view=nonsense", []),
        ("?is_task=banana", []),
        ("?sort=created_by", ["ann", "bob", "cy"]),
        ("?sort=nonsense", ["cy", "bob", "ann"]),
        ("?status=failed", ["bob"]),
        ("?workflow=fill", ["cy"]),
        ("?target=create&created_by=ann", ["ann"]),
        (f"?search={ONE}", ["ann"]),
        ("?per_page=1&page=2", ["bob"]),
        ("?per_page=999999999999&page=x", ["cy", "bob", "ann"]),
        ("?status=nonsense", []),
    ],
)
def test_list_shows_what_was_asked_for(query: str, found: list[str], several: None, visitor: Client) -> None:
    response = visitor.get(f"/processes/{query}")

    assert (response.status_code, people(response)) == (200, found)


def test_list_links_subjects_at_one_go(visitor: Client, settings: Any) -> None:
    settings.PROCESS_PANELS = ["tests.processes.views.test_listing.panel"]
    asked.clear()
    process(about=ONE)
    process(about=TWO)

    html = visitor.get("/processes/?sort=started_at").content.decode()

    assert sorted(re.findall(r'<a href="(/things/[^"]+)">([^<]+)</a>', html)) == [
        (f"/things/{ONE}", f"Thing {ONE}"),
        (f"/things/{TWO}", f"Thing {TWO}"),
    ]
    assert [sorted(ids) for ids in asked] == [[ONE, TWO]]


asked: list[list[str]] = []


def panel(kind: str, ids: list[str]) -> dict[str, dict[str, str]]:
    asked.append(ids)
    return {one: {"label": f"Thing {one}", "url": f"/things/{one}"} for one in ids}


def test_list_asks_the_same_number_of_questions_for_any_number_of_rows(visitor: Client) -> None:
    counts = []
    for _ in range(2):
        process(about=ONE)
        process(about=TWO)
        visitor.get("/processes/")
        with CaptureQueriesContext(connection) as asked_now:
            visitor.get("/processes/")
        counts.append(len(asked_now))

    assert counts[0] == counts[1]


def test_csv_holds_every_row_and_no_formula(several: None, visitor: Client) -> None:
    process(created_by="=SUM(A1)", started_at=AT - timedelta(minutes=1))

    response: Any = visitor.get("/processes/?format=csv&per_page=1&view=all")

    lines = b"".join(response.streaming_content).decode().splitlines()
    assert lines == [
        "Workflow,Last step,Status,About,Started by,Started,Duration",
        "fill,,running,,cy,2026-11-21T12:02:00+00:00,",
        "use_node,,failed,,bob,2026-11-21T12:01:00+00:00,",
        f"create_node,,completed,label of {ONE},ann,2026-11-21T12:00:00+00:00,9.000",
        "create_node,,completed,,'=SUM(A1),2026-11-21T11:59:00+00:00,69.000",
    ]


@pytest.mark.parametrize("query", ["view=banana", "is_task=banana", "status=banana", "sort=banana", "sort=-x"])
def test_csv_of_what_nobody_asked_for_is_refused(several: None, visitor: Client, query: str) -> None:
    """fault 30"""
    answer = visitor.get(f"/processes/?format=csv&{query}")

    assert (answer.status_code, "banana" in answer.content.decode() or "“-x”" in answer.content.decode()) == (400, True)


def test_csv_is_sorted_as_the_page_is(several: None, visitor: Client) -> None:
    response: Any = visitor.get("/processes/?format=csv&sort=created_by")

    lines = b"".join(response.streaming_content).decode().splitlines()
    assert [line.split(",")[4] for line in lines[1:]] == ["ann", "bob", "cy"]


@pytest.mark.parametrize("sort", ["", "&sort=status", "&sort=-started_at"])
def test_rows_that_are_equal_keep_their_places(visitor: Client, sort: str) -> None:
    made = [process(created_by=f"p{number}") for number in range(5)]

    shown = [people(visitor.get(f"/processes/?per_page=1&page={page}{sort}"))[0] for page in range(1, 6)]

    assert shown == [one.created_by for one in sorted(made, key=lambda one: one.pk)]


def test_list_needs_a_role(client: Client, stranger: User) -> None:
    client.force_login(stranger)

    assert [error_page(client.get(path)) for path in ("/processes/", "/tasks/")] == [denied_page()] * 2


@pytest.mark.parametrize(
    ("query", "told"),
    [
        ("?is_task=banana", "There is no is task “banana” here; known: true, false."),
        ("?view=nonsense", "There is no view “nonsense” here; known: active, failed, completed, all."),
        (f"?search={'+'.join('abcdefghijk')}", "Search for at most 10 words; these are 11."),
    ],
)
def test_list_tells_what_it_cannot_look_for(query: str, told: str, several: None, visitor: Client) -> None:
    response = visitor.get(f"/processes/{query}")

    assert (response.status_code, people(response)) == (200, [])
    assert told in response.content.decode()
