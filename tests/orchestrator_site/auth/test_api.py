"""Tokens: given for a password, expiring, given back."""

import base64
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.utils import timezone
from knox.models import AuthToken
from rest_framework.test import APIClient

from processes.models import AuditEvent
from tests.answers import problem

pytestmark = pytest.mark.django_db
Client = Callable[..., APIClient]


def basic(name: str, password: str) -> str:
    return "Basic " + base64.b64encode(f"{name}:{password}".encode()).decode()


def test_token_is_given_for_a_password_and_opens_the_rest(api: Client, operator: User) -> None:
    given = api().post("/api/auth/login/", HTTP_AUTHORIZATION=basic("operator", "operator"))

    opened = api().get("/api/processes/", HTTP_AUTHORIZATION=f"Token {given.json()['token']}")
    assert (given.status_code, set(given.json()), opened.json()) == (200, {"token", "expiry"}, [])
    assert given.json()["token"] not in AuthToken.objects.get().digest
    assert list(AuditEvent.objects.values_list("actor", "action")) == [("operator", "token_made")]


def test_wrong_password_is_401(api: Client, operator: User) -> None:
    answer = api().post("/api/auth/login/", HTTP_AUTHORIZATION=basic("operator", "guess"))

    assert (answer.status_code, answer.json()["status"]) == (401, 401)


def test_guessing_over_rest_is_slowed_down(api: Client, operator: User) -> None:
    for _ in range(10):
        api().post("/api/auth/login/", HTTP_AUTHORIZATION=basic("operator", "guess"))

    answer = api().post("/api/auth/login/", HTTP_AUTHORIZATION=basic("operator", "operator"))

    assert (answer.status_code, answer.json()["title"]) == (429, "Too Many Requests")
    assert 0 < int(answer["Retry-After"]) <= 900


def test_expired_token_opens_nothing(api: Client, operator: User) -> None:
    _, token = AuthToken.objects.create(user=operator, expiry=timedelta(seconds=-1))

    answer = api().get("/api/customers/", HTTP_AUTHORIZATION=f"Token {token}")

    assert problem(answer) == (401, "Invalid or expired token.")


def test_next_sign_in_removes_what_has_expired(api: Client, operator: User) -> None:
    AuthToken.objects.create(user=operator, expiry=timedelta(seconds=-1))

    api().post("/api/auth/login/", HTTP_AUTHORIZATION=basic("operator", "operator"))

    assert AuthToken.objects.get().expiry > timezone.now()


@pytest.mark.parametrize(
    ("token", "reason"),
    [
        ("", "Invalid token header. No credentials provided."),
        ("x", "Invalid or expired token."),
        ("a b", "Invalid token header. Token string should not contain spaces."),
        ("\xe4", "Invalid token."),
        ("0" * 5000, "Invalid or expired token."),
    ],
)
def test_nonsense_token_is_401(api: Client, token: str, reason: str) -> None:
    answer = api().get("/api/customers/", HTTP_AUTHORIZATION=f"Token {token}")

    assert problem(answer) == (401, reason)


def test_token_that_was_given_back_opens_nothing(api: Client, operator: User) -> None:
    _, token = AuthToken.objects.create(user=operator)
    header = f"Token {token}"

    assert api().post("/api/auth/logout/", HTTP_AUTHORIZATION=header).status_code == 204
    assert problem(api().get("/api/customers/", HTTP_AUTHORIZATION=header)) == (401, "Invalid or expired token.")
    assert AuthToken.objects.count() == 0


def test_session_without_the_csrf_token_changes_nothing(operator: User) -> None:
    client = APIClient(enforce_csrf_checks=True)
    client.force_login(operator, "orchestrator_site.auth.local.LocalBackend")

    answer = client.post("/api/processes/anything", [], format="json")

    assert (answer.status_code, answer.json()["detail"]) == (403, "CSRF Failed: CSRF cookie not set.")
