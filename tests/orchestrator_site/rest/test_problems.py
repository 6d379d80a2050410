"""Whatever goes wrong below /api/ is told as problem details, and never as a trace."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest
from django.contrib.auth.models import User
from django.test import override_settings
from django.urls import path
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.test import APIClient
from rest_framework.views import APIView

from orchestrator_site.urls import urlpatterns as site_urlpatterns
from processes.access.permissions import Action
from processes.actions import LockHeld, Refused
from processes.engine.values.errors import Blocker, StartRefused
from processes.forms import FormIncomplete, FormInvalid
from processes.forms.errors import Page
from processes.models import Process
from processes.plugins.registry import UnknownWorkflow
from subscriptions.queries import UnknownSubscription

pytestmark = [pytest.mark.django_db, pytest.mark.urls(__name__)]

PAGE = Page(index=1, schema={"title": "Node"}, meta={"buttons": {}}, has_next=True)
REFUSED = StartRefused("The port is in use.", (Blocker("subscription", "17", "l2vpn"),))
FAULTS: dict[str, Exception] = {
    "incomplete": FormIncomplete(PAGE),
    "invalid": FormInvalid(PAGE, [{"type": "missing", "loc": ["name"], "msg": "Field required"}]),
    "refused": REFUSED,
    "unknown": UnknownWorkflow("make_tea"),
    "gone": UnknownSubscription("4711"),
    "late": Refused("The process has ended."),
    "locked": LockHeld("subscription:17", Process(id=UUID(int=5), workflow_name="modify_node", status="running")),
    "bug": RuntimeError("secret 4711"),
}


class Answer(serializers.Serializer[Any]):
    name = serializers.CharField(max_length=3)


class Echo(APIView):
    action = Action.VIEW

    def get(self, request: Request, fault: str) -> Response:
        raise FAULTS[fault]

    def post(self, request: Request, fault: str) -> Response:
        answer = Answer(data=request.data)
        answer.is_valid(raise_exception=True)
        return Response(answer.data)


class Closed(APIView):
    def get(self, request: Request) -> Response:
        return Response({})


urlpatterns = [path("api/echo/<fault>/", Echo.as_view()), path("api/closed/", Closed.as_view()), *site_urlpatterns]
handler404 = "orchestrator_site.pages.faults.not_found"
handler500 = "orchestrator_site.pages.faults.server_error"

Client = Callable[..., APIClient]


@pytest.mark.parametrize(
    ("fault", "expected"),
    [
        (
            "incomplete",
            {
                "type": "FormNotCompleteError",
                "title": "Form incomplete",
                "status": 510,
                "detail": "Page 2 of the form is required.",
                "form": {"title": "Node"},
                "meta": {"hasNext": True, "buttons": {}},
                "page": 1,
            },
        ),
        (
            "invalid",
            {
                "type": "FormValidationError",
                "title": "Form invalid",
                "status": 400,
                "detail": "Page 2 of the form has 1 error.",
                "validation_errors": [{"type": "missing", "loc": ["name"], "msg": "Field required"}],
                "page": 1,
            },
        ),
        (
            "refused",
            {
                "type": "StartRefused",
                "title": "Not possible now",
                "status": 400,
                "detail": "The port is in use.",
                "validation_errors": [{"type": "start_refused", "loc": ["__root__"], "msg": "The port is in use."}],
                "page": 0,
                "blockers": [{"kind": "subscription", "id": "17", "label": "l2vpn"}],
            },
        ),
    ],
)
def test_named_error_is_told_in_full(api: Client, viewer: User, fault: str, expected: dict[str, Any]) -> None:
    response = api(viewer).get(f"/api/echo/{fault}/")

    assert response.json() == expected
    assert response.status_code == expected["status"]
    assert response["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize(
    ("fault", "status", "kind", "detail"),
    [
        ("unknown", 404, "UnknownWorkflow", "There is no workflow named make_tea."),
        ("gone", 404, "about:blank", "There is no subscription 4711."),
        ("late", 409, "NotPossible", "The process has ended."),
        (
            "locked",
            409,
            "LockHeld",
            f"subscription:17 is locked by modify_node ({UUID(int=5)}), which is running.",
        ),
    ],
)
def test_refusal_of_a_verb_says_why(api: Client, viewer: User, fault: str, status: int, kind: str, detail: str) -> None:
    answer = api(viewer).get(f"/api/echo/{fault}/").json()

    assert (answer["status"], answer["type"], answer["detail"]) == (status, kind, detail)


def test_form_that_asks_on_is_no_error_in_the_log(api: Client, viewer: User, caplog: pytest.LogCaptureFixture) -> None:
    api(viewer).get("/api/echo/incomplete/")

    assert caplog.records == []


def test_bug_is_500_and_tells_nothing(api: Client, viewer: User) -> None:
    client = api(viewer)
    client.raise_request_exception = False

    response = client.get("/api/echo/bug/")

    assert response.json() == {
        "type": "about:blank",
        "title": "Internal Server Error",
        "status": 500,
        "detail": "Internal server error. The server log has details.",
    }


def test_wrong_field_is_named(api: Client, viewer: User) -> None:
    response = api(viewer).post("/api/echo/any/", {"name": "long"})

    assert response.json() == {
        "type": "about:blank",
        "title": "Bad Request",
        "status": 400,
        "detail": "Invalid value: name.",
        "errors": {"name": ["Ensure this field has no more than 3 characters."]},
    }


@pytest.mark.parametrize(
    ("body", "content_type", "status", "detail"),
    [
        ("{", "application/json", 400, "The body is not JSON"),
        ('{"name": NaN}', "application/json", 400, "The body is not JSON"),
        ('{"name": "a\\u0000"}', "application/json", 400, "The body contains a NUL character."),
        ("[" * 105 + "]" * 105, "application/json", 400, "The body is nested deeper than 100 levels."),
        (b"\xff\xfe", "application/json", 400, "The body is not JSON"),
        ("name=x", "application/x-www-form-urlencoded", 415, "Unsupported media type"),
        ('{"name": "' + "x" * 300 + '"}', "application/json", 413, "The request body is too large"),
    ],
)
@override_settings(DATA_UPLOAD_MAX_MEMORY_SIZE=250)
def test_bad_body_is_refused(api: Client, viewer: User, body: str, content_type: str, status: int, detail: str) -> None:
    response = api(viewer).post("/api/echo/any/", body, content_type=content_type)

    assert (response.status_code, response.json()["status"]) == (status, status), response.content
    assert response.json()["detail"].startswith(detail)


def test_unknown_address_is_404(api: Client) -> None:
    response = api().get("/api/nothing-here/")

    assert response.json() == {
        "type": "about:blank",
        "title": "Not Found",
        "status": 404,
        "detail": "There is no resource at this address.",
    }


def test_wrong_method_is_405(api: Client, viewer: User) -> None:
    response = api(viewer).delete("/api/echo/any/")

    assert (response.status_code, response.json()["title"]) == (405, "Method Not Allowed")


def test_view_without_action_is_closed(api: Client, admin_user: User) -> None:
    response = api(admin_user).get("/api/closed/")

    assert (response.status_code, response.json()["detail"]) == (403, "Permission denied.")


def test_nobody_is_asked_to_sign_in(api: Client) -> None:
    response = api().get("/api/echo/refused/")

    assert (response.status_code, response["WWW-Authenticate"]) == (401, "Token")


def test_stranger_is_told_which_role_it_needs(api: Client, stranger: User) -> None:
    response = api(stranger).get("/api/echo/refused/")

    assert response.json() == {
        "type": "about:blank",
        "title": "Forbidden",
        "status": 403,
        "detail": "This requires the role viewer or operator or modeller or admin.",
    }
