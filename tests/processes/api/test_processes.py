"""Start, resume, abort and note over REST: what is answered, and what is stored."""

from collections.abc import Callable, Iterator
from typing import Any
from uuid import uuid4

import pytest
from django.contrib.auth.models import User
from pytest_django import Settings
from rest_framework.test import APIClient

from processes.models import Process
from processes.plugins import registry
from tests.answers import problem, requires
from tests.processes import form_workflows
from tests.processes.conftest import RunReady

pytestmark = pytest.mark.django_db
Client = Callable[..., APIClient]


@pytest.fixture
def registered(settings: Settings) -> Iterator[None]:
    settings.WORKFLOW_MODULES = ["tests.processes.form_workflows"]
    registry.reload()
    form_workflows.problems.clear()
    form_workflows.unreachable.clear()
    yield
    registry.reload()


@pytest.fixture
def client(api: Client, operator: User, registered: None) -> APIClient:
    return api(operator)


def start(client: APIClient, name: str, pages: Any, **headers: str) -> Any:
    return client.post(f"/api/processes/{name}", pages, format="json", headers=headers)


def detail(client: APIClient, process_id: str) -> Any:
    return client.get(f"/api/processes/{process_id}").json()


def told(found: Any, *keys: str) -> list[tuple[Any, ...]]:
    return [tuple(step[key] for key in keys) for step in found["steps"]]


def test_start_asks_page_by_page_and_starts(client: APIClient, run_ready: RunReady) -> None:
    titles = [
        (answer.status_code, answer.json()["form"]["title"])
        for answer in (
            start(client, "create_thing", []),
            start(client, "create_thing", [{"product": "node"}]),
            start(client, "create_thing", [{"product": "node"}, {"name": "one"}]),
        )
    ]
    assert titles == [(510, "Product"), (510, "Name it"), (510, "Colour of one")]
    assert Process.objects.count() == 0

    started = start(client, "create_thing", [{"product": "node"}, {"name": "one"}, {"colour": "b"}])

    assert (started.status_code, list(started.json())) == (201, ["id"])
    run_ready()
    found = detail(client, started.json()["id"])
    assert (found["last_status"], found["last_step"]) == ("completed", "Make it")
    assert found["subscriptions"] == [{"subscription_id": form_workflows.SUBSCRIPTION, "description": "Node one"}]
    assert {key: found["current_state"][key] for key in ("name", "colour", "product", "made")} == {
        "name": "one",
        "colour": "b",
        "product": "node",
        "made": True,
    }
    assert [(step["name"], step["status"], step["state_delta"]) for step in found["steps"]] == [
        ("Make it", "success", {"made": True})
    ]


def test_start_names_wrong_answers(client: APIClient) -> None:
    answer = start(client, "create_thing", [{"product": "ship"}])

    assert (answer.status_code, answer.json()["validation_errors"]) == (
        400,
        [
            {
                "type": "enum",
                "loc": ["product"],
                "msg": "Input should be 'node'",
                "input": "ship",
                "ctx": {"expected": "'node'"},
            }
        ],
    )


@pytest.mark.parametrize(
    ("body", "named"),
    [({"a": 1}, ["body"]), ("text", ["body"]), ([{}, 1, "x"], ["body[1]", "body[2]"]), (None, ["body"])],
)
def test_start_names_what_is_no_list_of_objects(body: Any, named: list[str], client: APIClient) -> None:
    answer = start(client, "sweep", body)

    assert (answer.status_code, list(answer.json()["errors"])) == (400, named)


def test_start_refuses_broken_json(client: APIClient) -> None:
    answer = client.post("/api/processes/sweep", "[{", content_type="application/json")

    assert (answer.status_code, answer.headers["Content-Type"]) == (400, "application/problem+json")


@pytest.mark.parametrize(
    ("name", "pages", "status", "detail_text"),
    [
        ("no_such", [], 404, "There is no workflow named no_such."),
        ("use_thing", [{"name": "one"}, {"colour": "r"}], 400, "The thing is in use."),
        ("sweep", [{}, {}], 400, "Page 2 of the form has 1 error."),
    ],
)
def test_start_is_refused_with_a_reason(
    name: str, pages: Any, status: int, detail_text: str, client: APIClient
) -> None:
    answer = start(client, name, pages)

    assert (answer.status_code, answer.json()["detail"], Process.objects.count()) == (status, detail_text, 0)


def test_start_says_when_a_form_cannot_be_made(client: APIClient) -> None:
    form_workflows.unreachable.append("inventory is down")

    answer = start(client, "ask_outside", [])

    assert (answer.status_code, answer.json()["detail"]) == (
        503,
        "The form is unavailable: ConnectionError: inventory is down",
    )


def test_start_needs_an_operator(api: Client, viewer: User, registered: None) -> None:
    assert problem(start(api(viewer), "sweep", [{}])) == (403, requires("operator", "admin"))
    assert Process.objects.count() == 0


def test_start_repeated_under_its_key_makes_one_process(client: APIClient) -> None:
    answers = [start(client, "sweep", [{}], **{"Idempotency-Key": "mine"}) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [201, 201]
    assert answers[0].json() == answers[1].json()
    assert Process.objects.count() == 1
    assert start(client, "sweep", [{}], **{"Idempotency-Key": "k" * 256}).status_code == 400


def test_suspended_process_shows_its_form_and_takes_the_answers(client: APIClient, run_ready: RunReady) -> None:
    made = start(client, "ask_somebody", [{}]).json()["id"]
    run_ready()
    found = detail(client, made)
    assert (found["last_status"], found["form"]["title"]) == ("suspended", "First about it")
    assert told(found, "name", "status") == [
        ("Make it", "success"),
        ("Ask twice", "suspend"),
    ]

    url = f"/api/processes/{made}/resume"
    first = client.put(url, [{"sure": True}])
    assert (first.status_code, first.json()["form"]["title"]) == (510, "Second")
    assert client.put(url, [{"sure": True}, {"why": "so"}]).status_code == 204

    run_ready()
    found = detail(client, made)
    assert (found["last_status"], found["form"], found["current_state"]["why"]) == ("completed", None, "so")


def test_failed_process_tells_why_and_is_tried_again(client: APIClient, run_ready: RunReady) -> None:
    form_workflows.problems.append(ValueError("no luck"))
    made = start(client, "break_and_mend", [{}]).json()["id"]
    run_ready()
    found = detail(client, made)
    assert (found["last_status"], found["failed_reason"]) == ("failed", "no luck")
    assert "ValueError: no luck" in found["traceback"]

    assert client.put(f"/api/processes/{made}/resume", []).status_code == 204

    resumed = detail(client, made)
    assert told(resumed, "status", "attempt") == [
        ("success", 1),
        ("failed", 1),
        ("pending", 2),
    ]
    run_ready()
    found = detail(client, made)
    assert found["last_status"] == "completed"
    assert told(found, "status", "attempt") == [
        ("success", 1),
        ("failed", 1),
        ("success", 2),
    ]


def test_abort_ends_a_process_once(client: APIClient) -> None:
    made = start(client, "sweep", [{}]).json()["id"]

    assert client.put(f"/api/processes/{made}/abort").status_code == 204
    assert client.put(f"/api/processes/{made}/abort").status_code == 409
    found = detail(client, made)
    assert found["last_status"] == "aborted"
    assert told(found, "name", "status") == [
        ("Make it", "pending"),
        ("User Aborted", "abort"),
    ]


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"note": "look"}, 200),
        ({"note": None}, 200),
        ({"note": 1}, 400),
        ({"remark": "look"}, 400),
        ([], 400),
        ({"note": "x" * 5001}, 400),
    ],
)
def test_note_is_set(body: Any, status: int, client: APIClient) -> None:
    made = start(client, "sweep", [{}]).json()["id"]

    answer = client.patch(f"/api/processes/{made}", body)

    assert answer.status_code == status
    if status == 200:
        assert (answer.json()["process_id"], answer.json()["note"]) == (made, body["note"])


@pytest.mark.parametrize(("method", "path"), [("get", ""), ("patch", ""), ("put", "/resume"), ("put", "/abort")])
def test_unknown_process_is_404(method: str, path: str, client: APIClient) -> None:
    body = {"note": "x"} if method == "patch" else {} if path == "/abort" else []

    answer = getattr(client, method)(f"/api/processes/{uuid4()}{path}", body if method != "get" else None)

    assert (answer.status_code, answer.json()["detail"]) == (404, "There is no process with this id.")


@pytest.mark.parametrize(("method", "path"), [("patch", ""), ("put", "/resume"), ("put", "/abort")])
def test_verbs_need_an_operator(
    method: str, path: str, api: Client, viewer: User, client: APIClient, registered: None
) -> None:
    made = start(client, "sweep", [{}]).json()["id"]

    answer = getattr(api(viewer), method)(f"/api/processes/{made}{path}", {"note": "x"})

    assert (answer.status_code, answer.json()["detail"]) == (403, "This requires the role operator or admin.")
