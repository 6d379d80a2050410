"""Personal tokens over REST: one's own, and for administrators those of others."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from rest_framework.test import APIClient

from orchestrator_site.auth.tokens import make
from orchestrator_site.models import PersonalToken
from processes.access.permissions import Scope
from processes.models import AuditEvent
from tests.answers import problem
from tests.fakes.identity_provider import IdentityProvider

pytestmark = pytest.mark.django_db
Client = Callable[..., APIClient]
TOKENS = "/api/tokens/"
WANTED = {"name": "nightly", "scope": "read", "days": 30}


def by_token(text: str) -> APIClient:
    client = APIClient()
    client.default_format = "json"
    client.credentials(HTTP_AUTHORIZATION=f"Token {text}")
    return client


def token_of(user: User, scope: Scope) -> APIClient:
    return by_token(make(user, name="mine", scope=scope, life=timedelta(days=1))[1])


def names(answer: Any) -> list[str]:
    return [row["name"] for row in answer.json()]


def test_token_is_made_used_listed_and_ended(api: Client, viewer: User) -> None:
    made = api(viewer).post(TOKENS, WANTED)
    text, pk = made.json()["token"], made.json()["id"]

    opened = by_token(text).get("/api/customers/")
    (listed,) = api(viewer).get(TOKENS).json()
    ended = api(viewer).delete(f"{TOKENS}{pk}")

    assert (made.status_code, opened.status_code, ended.status_code) == (201, 200, 204)
    assert {**made.json(), **listed} == {**listed, "token": text}
    assert (listed["name"], listed["scope"], listed["last_used_from"]) == ("nightly", "read", "127.0.0.1")
    assert by_token(text).get("/api/customers/").status_code == 401
    assert list(AuditEvent.objects.order_by("pk").values_list("actor", "action")) == [
        ("viewer", "token_made"),
        ("viewer", "token_ended"),
        ("", "sign_in_failed"),
    ]


@pytest.mark.parametrize(
    ("given", "fields"),
    [
        ({}, ["days", "name", "scope"]),
        ({**WANTED, "name": " "}, ["name"]),
        ({**WANTED, "name": "n" * 101}, ["name"]),
        ({**WANTED, "scope": "everything"}, ["scope"]),
        ({**WANTED, "days": 0}, ["days"]),
        ({**WANTED, "days": 366}, ["days"]),
        ({**WANTED, "days": 10**30}, ["days"]),
        ({**WANTED, "days": None}, ["days"]),
    ],
    ids=str,
)
def test_token_is_not_made_half(api: Client, viewer: User, given: dict[str, Any], fields: list[str]) -> None:
    answer = api(viewer).post(TOKENS, given)

    assert (answer.status_code, sorted(answer.json()["errors"])) == (400, fields)
    assert not PersonalToken.objects.exists()


def test_list_is_one_s_own_and_administrators_see_those_of_others(
    api: Client, viewer: User, operator: User, admin_user: User
) -> None:
    api(viewer).post(TOKENS, WANTED)

    assert names(api(operator).get(TOKENS)) == []
    assert names(api(admin_user).get(TOKENS, {"username": "viewer"})) == ["nightly"]
    assert names(api(viewer).get(TOKENS, {"username": "viewer"})) == ["nightly"]
    assert problem(api(operator).get(TOKENS, {"username": "viewer"})) == (403, "This requires the role admin.")
    assert problem(api(admin_user).get(TOKENS, {"username": "nobody"}))[0] == 404


def test_another_s_token_is_ended_by_administrators_alone(
    api: Client, viewer: User, operator: User, admin_user: User
) -> None:
    pk = api(viewer).post(TOKENS, WANTED).json()["id"]

    refused = api(operator).delete(f"{TOKENS}{pk}")
    ended = api(admin_user).delete(f"{TOKENS}{pk}")

    assert (refused.status_code, ended.status_code) == (404, 204)
    event = AuditEvent.objects.get(action="token_ended")
    assert (event.actor, event.subject_id) == ("admin", str(viewer.pk))


@pytest.mark.parametrize(
    ("scope", "wanted", "status"),
    [
        (Scope.READ, "read", 403),
        (Scope.ACT, "read", 201),
        (Scope.ACT, "act", 201),
        (Scope.ACT, "all", 403),
        (Scope.ALL, "all", 201),
    ],
)
def test_token_makes_no_stronger_token(admin_user: User, scope: Scope, wanted: str, status: int) -> None:
    answer = token_of(admin_user, scope).post(TOKENS, {**WANTED, "scope": wanted})

    assert (answer.status_code, PersonalToken.objects.count()) == (status, 2 if status == 201 else 1)


def test_token_to_read_with_ends_nothing(viewer: User) -> None:
    client = token_of(viewer, Scope.READ)
    (token,) = client.get(TOKENS).json()

    assert client.delete(f"{TOKENS}{token['id']}").status_code == 403
    assert PersonalToken.objects.count() == 1


def test_administrator_s_weaker_token_reaches_no_other_person(viewer: User, admin_user: User, api: Client) -> None:
    pk = api(viewer).post(TOKENS, WANTED).json()["id"]
    client = token_of(admin_user, Scope.ACT)

    statuses = [client.get(TOKENS, {"username": "viewer"}).status_code, client.delete(f"{TOKENS}{pk}").status_code]

    assert statuses == [403, 404]


def test_bearer_makes_no_token(provider: IdentityProvider) -> None:
    """Its rights are those of its own token; a token made by it would have those of the last sign-in."""
    client = APIClient()
    client.default_format = "json"
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {provider.access(realm_access={'roles': ['admin']})}")

    answer = client.post(TOKENS, WANTED)

    assert problem(answer) == (403, "An access token of the identity provider makes no tokens; sign in for that.")
    assert names(client.get(TOKENS)) == []


def test_bearer_without_a_role_has_no_list(provider: IdentityProvider) -> None:
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {provider.access()}")

    assert problem(client.get(TOKENS)) == (403, "You do not have permission to perform this action.")
