"""The list of processes over REST: parts, order, filters, headers; three queries for any number of rows."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.contrib.auth.models import User
from pytest_django import DjangoAssertNumQueries
from rest_framework.test import APIClient

from processes.engine.values.status import ProcessStatus, Target
from processes.queries.workflows import workflow_id
from tests.answers import NO_CREDENTIALS, READING, problem
from tests.factories.processes import AT, process

pytestmark = pytest.mark.django_db
Client = Callable[..., APIClient]
URL = "/api/processes/"


def names(response: Any) -> list[str]:
    return [row["created_by"] for row in response.json()]


@pytest.fixture
def three(db: None) -> None:
    process(ProcessStatus.COMPLETED, created_by="ann", about=str(uuid4()))
    process(ProcessStatus.FAILED, created_by="bob", about=str(uuid4()), started_at=AT + timedelta(minutes=1))
    process(
        ProcessStatus.WAITING,
        created_by="cy",
        workflow="bootstrap",
        target=Target.SYSTEM,
        started_at=AT + timedelta(minutes=2),
    )


def test_list_gives_whole_rows_newest_first(api: Client, viewer: User) -> None:
    subscription = str(uuid4())
    made = process(ProcessStatus.COMPLETED, about=subscription, last_step="Finish", note="so so")

    response = api(viewer).get(URL)

    assert response.json() == [
        {
            "process_id": str(made.pk),
            "workflow_id": str(workflow_id("create_node")),
            "workflow_name": "create_node",
            "workflow_target": "CREATE",
            "product_id": None,
            "customer_id": None,
            "is_task": False,
            "last_status": "completed",
            "last_step": "Finish",
            "failed_reason": None,
            "created_by": "operator",
            "assignee": "SYSTEM",
            "waits_for": None,
            "note": "so so",
            "started_at": "2026-11-21T12:00:00Z",
            "last_modified_at": "2026-11-21T12:00:00Z",
            "ended_at": "2026-11-21T12:00:09Z",
            "subjects": [{"kind": "subscription", "id": subscription, "label": f"label of {subscription}"}],
            "subscriptions": [{"subscription_id": subscription, "description": f"label of {subscription}"}],
        }
    ]
    assert response.headers["Content-Range"] == "processes 0-0/*"


@pytest.mark.parametrize("count", [1, 3])
def test_list_asks_three_questions(
    count: int, api: Client, viewer: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for _ in range(count):
        process(about=str(uuid4()))
    client = api(viewer)
    client.get(URL)

    with django_assert_num_queries(3):  # which rows; what they are; what the site tells of their subjects
        assert len(client.get(URL).json()) == count


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", ["cy", "bob", "ann"]),
        ("sort=startedAt,asc", ["ann", "bob", "cy"]),
        ("sort=-created_by", ["cy", "bob", "ann"]),
        ("sort=created_by", ["ann", "bob", "cy"]),
        ("sort=target,desc,created_by,asc", ["cy", "ann", "bob"]),
        ("range=0,2", ["cy", "bob"]),
        ("range=1,9", ["bob", "ann"]),
        ("limit=1&offset=1", ["bob"]),
        ("status=failed&status=waiting", ["cy", "bob"]),
        ("filter=lastStatus,failed-completed", ["bob", "ann"]),
        ("filter=target,create,createdBy,ann", ["ann"]),
        ("filter=target,CREATE|SYSTEM,createdBy,ann|cy", ["cy", "ann"]),
        ("filter=lastStatus,failed|completed", ["bob", "ann"]),
        ("filter=startedAt,>2026-11-21T12:00:30Z", ["cy", "bob"]),
        ("filter=startedAt,<=2026-11-21T12:01:00%2B00:00", ["bob", "ann"]),
        ("filter=startedAt,<=2026-11-21T12:01:00+00:00", ["bob", "ann"]),
        ("filter=startedAt,2026-11-21", ["cy", "bob", "ann"]),
        ("filter=startedAt,>2026-11-21", []),
        ("filter=startedAt,>=2026-11-21,startedAt,<2026-11-22", ["cy", "bob", "ann"]),
        ("is_task=true", ["cy"]),
        ("workflow=bootstrap", ["cy"]),
        ("search=label of", ["bob", "ann"]),
        ("search=BOOT", ["cy"]),
        ("started_after=2026-11-21T12:00:30Z&started_before=2026-11-21T12:01:30Z", ["bob"]),
        ("created_by=nobody", []),
    ],
)
def test_list_narrows_and_orders(query: str, found: list[str], three: None, api: Client, viewer: User) -> None:
    response = api(viewer).get(f"{URL}?{query}")

    assert (response.status_code, names(response)) == (200, found)


def test_list_finds_by_how_an_id_begins(api: Client, viewer: User) -> None:
    wanted, other = (process(pk=UUID(f"{one}{'0' * 31}"), about=str(UUID(f"{one}{'0' * 31}"))) for one in "3a")
    client = api(viewer)

    found = [client.get(f"{URL}?filter={name}").json() for name in ("processId,3", "processId,30000000-00*")]
    either = client.get(f"{URL}?filter=processId,3|a0").json()
    by_workflow = client.get(f"{URL}?filter=workflowId,{workflow_id('create_node')}").json()

    assert [[row["process_id"] for row in rows] for rows in found] == [[str(wanted.pk)]] * 2
    assert {row["process_id"] for row in either} == {str(wanted.pk), str(other.pk)}
    assert len(by_workflow) == 2
    assert [row["process_id"] for row in client.get(f"{URL}?subscription_id=3").json()] == [str(wanted.pk)]


def test_list_looks_for_some_values_only(api: Client, viewer: User) -> None:
    answer = api(viewer).get(f"{URL}?filter=createdBy,{'|'.join(map(str, range(21)))}")

    assert answer.json()["errors"] == {"filter": ["At most 20 values of one field are looked for."]}


def test_list_finds_a_subject_and_a_process_by_id(api: Client, viewer: User) -> None:
    subscription = str(uuid4())
    made, _ = process(about=subscription), process(about=str(uuid4()))

    for query in (f"subscription_id={subscription}", f"search={subscription}", f"process_id={made.pk}"):
        assert [row["process_id"] for row in api(viewer).get(f"{URL}?{query}").json()] == [str(made.pk)]


@pytest.mark.parametrize(
    ("query", "named"),
    [
        ("range=5", "range"),
        ("range=5,5", "range"),
        ("limit=many", "limit"),
        ("offset=-1", "offset"),
        ("sort=colour", "sort"),
        ("filter=status", "filter"),
        ("filter=colour,red", "filter"),
        ("status=tired", "status"),
        ("colour=red", "colour"),
        ("subscription_id=z", "subscription_id"),
        ("process_id=seven", "process_id"),
        ("started_at=>soon", "started_at"),
        ("target=MAKE", "target"),
        ("started_after=soon", "started_after"),
        ("search=%00", "search"),
    ],
)
def test_list_names_what_it_does_not_understand(query: str, named: str, api: Client, viewer: User) -> None:
    response = api(viewer).get(f"{URL}?{query}")

    assert (response.status_code, list(response.json()["errors"])) == (400, [named])


def test_list_says_how_many_there_are_and_where_the_rest_is(three: None, api: Client, viewer: User) -> None:
    first = api(viewer).get(f"{URL}?range=0,2")
    second = api(viewer).get(f"{URL}?limit=2&offset=2&count=1")

    assert (first.headers["Content-Range"], second.headers["Content-Range"]) == ("processes 0-1/3", "processes 2-2/3")
    assert first.headers["Link"] == '<http://testserver/api/processes/?range=2%2C4>; rel="next"'
    assert second.headers["Link"] == '<http://testserver/api/processes/?limit=2&offset=0&count=1>; rel="prev"'


def test_list_spares_a_client_what_it_has(three: None, api: Client, viewer: User) -> None:
    etag = api(viewer).get(URL).headers["ETag"]

    known = api(viewer).get(URL, headers={"If-None-Match": etag})
    process()
    changed = api(viewer).get(URL, headers={"If-None-Match": etag})

    assert (known.status_code, known.content, known.headers["ETag"]) == (304, b"", etag)
    assert (changed.status_code, len(changed.json()), changed.headers["ETag"] == etag) == (200, 4, False)


def test_counts_are_split_by_processes_and_tasks(three: None, api: Client, viewer: User) -> None:
    assert api(viewer).get("/api/processes/status-counts").json() == {
        "process_counts": {"completed": 1, "failed": 1},
        "task_counts": {"waiting": 1},
    }


@pytest.mark.parametrize("url", [URL, "/api/processes/status-counts", f"/api/processes/{UUID(int=7)}"])
def test_reading_needs_a_role(url: str, api: Client, stranger: User) -> None:
    assert (problem(api().get(url)), problem(api(stranger).get(url))) == (NO_CREDENTIALS, (403, READING))
