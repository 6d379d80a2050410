"""Skip, edit state, go on elsewhere and retry all over REST: what is answered, and what is stored."""

from collections.abc import Callable, Iterator
from typing import Any
from uuid import uuid4

import pytest
from django.contrib.auth.models import User
from django.test import Client as DjangoClient
from pytest_django import Settings
from rest_framework.test import APIClient

from processes import actions
from processes.models import AuditEvent, Process
from processes.plugins import registry
from tests.answers import problem, requires
from tests.processes import form_workflows
from tests.processes.conftest import RunReady

pytestmark = pytest.mark.django_db
Client = Callable[..., APIClient]
REFUSED_NUMBER = (
    '"x" cannot be stored as JSON: the number 12345678901234567.89 has more digits than JSON numbers keep; '
    "give it as a text"
)
RESUME_ALL = "resume-all"
VERBS = {
    "skip": {"reason": "so"},
    "state": {"reason": "so", "changes": {"a": 1}},
    "continue": {"reason": "so", "path": "break"},
}


@pytest.fixture
def registered(settings: Settings) -> Iterator[None]:
    settings.WORKFLOW_MODULES = ["tests.processes.form_workflows"]
    registry.reload()
    form_workflows.problems.clear()
    form_workflows.unreachable.clear()
    yield
    registry.reload()


@pytest.fixture
def admin(api: Client, admin_user: User, registered: None) -> APIClient:
    return api(admin_user)


@pytest.fixture
def failed(operator: User, run_ready: RunReady) -> Process:
    form_workflows.problems.append(ValueError("no luck"))
    process = actions.start("break_and_mend", [], by=operator)
    run_ready()
    return process


def put(client: APIClient, process: Process, verb: str, body: Any, idempotency_key: str = "") -> Any:
    headers = {"Idempotency-Key": idempotency_key} if idempotency_key else {}
    path = "resume-all" if verb == RESUME_ALL else f"{process.pk}/{verb}"
    return client.put(f"/api/processes/{path}", body, headers=headers)


def test_skip_goes_on_once(admin: APIClient, failed: Process, run_ready: RunReady) -> None:
    body = {"reason": "done by hand", "result": {"mended": True}}

    assert [put(admin, failed, "skip", body, idempotency_key="mine").status_code for _ in range(2)] == [204, 204]

    run_ready()
    found = admin.get(f"/api/processes/{failed.pk}").json()
    assert (found["last_status"], found["current_state"]["mended"]) == ("completed", True)
    steps = [(step["path"], step["status"], step["reason"], step["created_by"]) for step in found["steps"]]
    assert steps == [
        ("make-it", "success", None, "SYSTEM"),
        ("break", "failed", None, "SYSTEM"),
        ("break", "skipped", "done by hand", "admin"),
    ]
    assert put(admin, failed, "skip", body).status_code == 409


def test_edited_state_is_read_back(admin: APIClient, failed: Process) -> None:
    answer = put(admin, failed, "state", {"reason": "wrong", "changes": {"made": None, "new": [1, 2.5]}})

    assert answer.status_code == 204
    state = admin.get(f"/api/processes/{failed.pk}").json()["current_state"]
    assert (state["made"], state["new"]) == (None, [1, 2.5])


@pytest.mark.parametrize(
    ("verb", "body", "errors"),
    [
        ("skip", {"reason": " "}, {"reason": ["A reason is required."]}),
        ("skip", {}, {"reason": ["This field is required."]}),
        ("skip", [], {"body": ["Must be an object with reason."]}),
        ("skip", {"reason": 1, "result": []}, {
            "reason": ["Must be a string."],
            "result": ["Must be an object or null."],
        }),
        ("skip", {"reason": "so", "why": 1}, {"why": ["Unknown field."]}),
        ("skip", {"reason": "so", "result": {"": 1}}, {"result": ["State keys must be strings, not ''."]}),
        ("state", {"reason": "so"}, {"changes": ["This field is required."]}),
        ("state", {"reason": "x" * 2001, "changes": {"a": 1}}, {
            "reason": ["A reason can have at most 2000 characters; this one has 2001."],
        }),
        ("state", {"reason": "so", "changes": {}}, {
            "changes": ["Give keys to change."],
        }),
        ("state", {"reason": "so", "changes": {"process_id": "x", "a": 1}}, {
            "changes": ["These keys cannot be changed: process_id."],
        }),
        ("skip", {"reason": "so", "result": {"process_id": "x", "reporter": "me"}}, {
            "result": ["These keys cannot be changed: process_id, reporter."],
        }),
    ],
)  # fmt: skip
def test_what_does_not_fit_is_named(
    verb: str, body: Any, errors: dict[str, list[str]], admin: APIClient, failed: Process
) -> None:
    answer = put(admin, failed, verb, body)

    assert (answer.status_code, answer.headers["Content-Type"]) == (400, "application/problem+json")
    assert answer.json()["errors"] == errors
    failed.refresh_from_db()
    assert failed.status == "failed"


def test_unchanged_process_does_not_go_on_elsewhere(admin: APIClient, failed: Process) -> None:
    answer = put(admin, failed, "continue", VERBS["continue"])

    assert (answer.status_code, answer.json()["type"]) == (409, "NotPossible")


@pytest.mark.parametrize("verb", [*VERBS, "resume", "abort"])
def test_process_that_has_moved_on_is_left_alone(verb: str, admin: APIClient, failed: Process) -> None:
    """Its ETag names where it stands: what a caller saw before it moved on is refused as a precondition."""
    seen = admin.get(f"/api/processes/{failed.pk}").headers["ETag"]
    put(admin, failed, "state", {"reason": "meanwhile", "changes": {"b": 2}})

    body = VERBS.get(verb, [] if verb == "resume" else {})
    answer = admin.put(f"/api/processes/{failed.pk}/{verb}", body, headers={"If-Match": seen})

    assert (answer.status_code, answer.json()["type"]) == (412, "ProcessMoved")
    assert "it is failed at Break now" in answer.json()["detail"]


def test_note_is_no_move(admin: APIClient, failed: Process) -> None:
    seen = admin.get(f"/api/processes/{failed.pk}").headers["ETag"]
    admin.patch(f"/api/processes/{failed.pk}", {"note": "look"})

    answer = admin.put(f"/api/processes/{failed.pk}/abort", {"reason": "so"}, headers={"If-Match": seen})

    assert (answer.status_code, admin.get(f"/api/processes/{failed.pk}").headers["ETag"] != seen) == (204, True)


def test_answer_to_a_process_that_has_failed_meanwhile_is_told(admin: APIClient, failed: Process) -> None:
    """fault 29"""
    answer = put(admin, failed, "resume", [{"colour": "blue"}])

    assert problem(answer) == (409, "The process is failed and does not need input; the answers were not used.")
    failed.refresh_from_db()
    assert failed.status == "failed"


def test_reason_of_an_abort_is_shown(admin: APIClient, failed: Process) -> None:
    """fault 28"""
    assert put(admin, failed, "abort", {"reason": "wrong device"}).status_code == 204

    steps = admin.get(f"/api/processes/{failed.pk}").json()["steps"]
    assert [(step["status"], step["reason"]) for step in steps][-1] == ("abort", "wrong device")


@pytest.mark.parametrize(
    ("verb", "body", "errors"),
    [
        ("abort", {"why": "so"}, {"why": ["Unknown field."]}),
        ("abort", {"reason": None}, {"reason": ["Must be a string."]}),
        ("abort", [], {"body": ["Must be an object with reason."]}),
        ("abort", {"reason": "x" * 2001}, {
            "reason": ["A reason can have at most 2000 characters; this one has 2001."],
        }),
        (RESUME_ALL, {"only": "mine"}, {"only": ["Unknown field."]}),
        (RESUME_ALL, [1], {"body": ["Must be empty."]}),
    ],
)  # fmt: skip
def test_no_member_is_taken_and_ignored(
    verb: str, body: Any, errors: dict[str, list[str]], admin: APIClient, failed: Process
) -> None:
    answer = put(admin, failed, verb, body)

    assert (answer.status_code, answer.json()["errors"]) == (400, errors)
    failed.refresh_from_db()
    assert failed.status == "failed"


@pytest.mark.parametrize("verb", VERBS)
def test_interventions_need_an_administrator(verb: str, api: Client, operator: User, failed: Process) -> None:
    answer = put(api(operator), failed, verb, VERBS[verb])

    assert (answer.status_code, answer.json()["detail"]) == (403, "This requires the role admin.")


@pytest.mark.parametrize("verb", VERBS)
def test_unknown_process_is_404(verb: str, admin: APIClient) -> None:
    answer = put(admin, Process(pk=uuid4()), verb, VERBS[verb])

    assert problem(answer) == (404, "There is no process with this id.")


def test_all_failed_tasks_are_retried_once(api: Client, operator: User, failed: Process, run_ready: RunReady) -> None:
    client = api(operator)

    answers = [client.put("/api/processes/resume-all", headers={"Idempotency-Key": "mine"}) for _ in range(2)]

    assert [(one.status_code, one.json()) for one in answers] == [(200, {"count": 1})] * 2
    assert AuditEvent.objects.filter(action="retry").count() == 1
    run_ready()
    assert client.put("/api/processes/resume-all").json() == {"count": 0}


def test_nothing_is_retried_while_the_engine_is_paused(
    api: Client, operator: User, admin_user: User, failed: Process
) -> None:
    actions.pause(by=admin_user)

    answer = api(operator).put("/api/processes/resume-all")

    assert (answer.status_code, answer.json()["type"], answer.headers["Retry-After"]) == (503, "EnginePaused", "30")


def test_viewer_retries_nothing(api: Client, viewer: User) -> None:
    assert problem(api(viewer).put("/api/processes/resume-all")) == (403, requires("operator", "admin"))


@pytest.mark.parametrize("value", [1e20, 1e16, 2**64 - 1, -(2**63), 5e-324])
def test_number_in_a_state_goes_round(
    admin: APIClient, client: DjangoClient, admin_user: User, failed: Process, value: float
) -> None:
    """Fault 3, M2: PostgreSQL writes 1e20 as a whole number, which made the page of the process 500 for good."""
    changed = put(admin, failed, "state", {"reason": "r", "changes": {"x": value}})

    read = admin.get(f"/api/processes/{failed.pk}").json()["current_state"]["x"]
    client.force_login(admin_user)
    page = client.get(f"/processes/{failed.pk}/")
    assert (changed.status_code, page.status_code, read, type(read)) == (204, 200, value, type(value))


def test_number_that_json_cannot_keep_is_refused(admin: APIClient, failed: Process) -> None:
    body = '{"reason": "r", "changes": {"x": [12345678901234567.89]}}'

    refused = admin.put(f"/api/processes/{failed.pk}/state", body, content_type="application/json")

    assert refused.json()["errors"] == {"changes": [REFUSED_NUMBER]}
