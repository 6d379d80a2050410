"""Personal tokens: what they carry, how long they last, and what ends them."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Group, User
from django.core.exceptions import ValidationError
from django.test import Client
from django.utils import timezone
from knox.models import AuthToken

from orchestrator_site.auth import tokens
from orchestrator_site.models import PersonalToken
from processes.access.permissions import Scope
from processes.models import AuditEvent
from tests.answers import problem, requires

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def calling(text: str) -> Client:
    return Client(headers={"Authorization": f"Token {text}"})


def test_token_has_name_scope_and_end_and_a_row_in_the_trail(operator: User) -> None:
    token, _ = tokens.make(operator, name="nightly", scope=Scope.READ, life=DAY)

    assert (token.name, token.scope, token.last_used_at) == ("nightly", "read", None)
    assert timedelta(hours=23) < token.token.expiry - timezone.now() <= DAY
    event = AuditEvent.objects.get()
    assert (event.actor, event.action, event.detail["scope"]) == ("operator", "token_made", "read")


@pytest.mark.parametrize("life", [timedelta(0), -DAY, 366 * DAY])
def test_token_lasts_a_year_at_most(operator: User, life: timedelta) -> None:
    with pytest.raises(ValidationError, match="at most 365 days"):
        tokens.make(operator, name="x", scope=Scope.ALL, life=life)


@pytest.mark.parametrize(("scope", "status"), [(Scope.READ, 403), (Scope.ACT, 404), (Scope.ALL, 404)])
def test_scope_narrows_what_its_person_may(operator: User, scope: Scope, status: int) -> None:
    _, text = tokens.make(operator, name="x", scope=scope, life=DAY)
    client = calling(text)

    read, acted = client.get("/api/processes/"), client.post("/api/processes/nothing", "[]", "application/json")

    assert (read.status_code, acted.status_code) == (200, status)
    if scope is Scope.READ:
        assert problem(acted) == (403, "This token was made to read; it may not do this.")


def test_scope_gives_nothing_that_its_person_may_not(viewer: User) -> None:
    _, text = tokens.make(viewer, name="x", scope=Scope.ALL, life=DAY)

    acted = calling(text).post("/api/processes/nothing", "[]", "application/json")

    assert problem(acted) == (403, requires("operator", "admin"))


def test_last_use_is_written_down_once_a_minute(operator: User) -> None:
    token, text = tokens.make(operator, name="x", scope=Scope.READ, life=DAY)

    calling(text).get("/api/processes/", REMOTE_ADDR="192.0.2.7")
    token.refresh_from_db()
    first = token.last_used_at
    calling(text).get("/api/processes/", REMOTE_ADDR="192.0.2.8")
    token.refresh_from_db()

    assert first is not None
    assert (token.last_used_at, token.last_used_from) == (first, "192.0.2.7")


def test_ended_and_expired_tokens_open_nothing(operator: User) -> None:
    ended, text = tokens.make(operator, name="x", scope=Scope.READ, life=DAY)
    expired, other = tokens.make(operator, name="y", scope=Scope.READ, life=DAY)
    tokens.end(operator, [ended], by="operator")
    AuthToken.objects.filter(pk=expired.token_id).update(expiry=timezone.now() - DAY)

    assert [calling(one).get("/api/processes/").status_code for one in (text, other)] == [401, 401]
    assert list(tokens.of_person(operator)) == []


def test_more_tokens_than_there_may_be_end_the_oldest(operator: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tokens, "MOST_TOKENS", 3)

    for number in range(5):
        tokens.make(operator, name=str(number), scope=Scope.READ, life=(number + 1) * DAY)

    assert [token.name for token in tokens.of_person(operator)] == ["4", "3", "2"]


def test_token_by_name_and_password_is_listed_as_well(operator: User) -> None:
    Client().post("/api/auth/login/", headers={"Authorization": "Basic b3BlcmF0b3I6b3BlcmF0b3I="})

    assert [(token.name, token.scope) for token in tokens.of_person(operator)] == [("signed in over REST", "all")]


def test_rights_follow_the_groups_of_its_person(viewer: User) -> None:
    _, text = tokens.make(viewer, name="x", scope=Scope.READ, life=DAY)
    viewer.groups.set([Group.objects.get(name="operator")])

    assert calling(text).get("/api/settings/worker-status").status_code == 200
    assert PersonalToken.objects.count() == 1
