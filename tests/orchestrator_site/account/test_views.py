"""Everybody has a page of their own and changes their own password there."""

import pytest
from django.contrib.auth.models import User
from django.test import Client

from orchestrator_site.auth.limiter import PER_NAME_AND_ADDRESS
from processes.models import AuditEvent
from tests.answers import denied_page, error_page, page_title

pytestmark = pytest.mark.django_db
BACKEND = "orchestrator_site.auth.local.LocalBackend"
PASSWORD = "correct horse battery"
CHANGE = {"new_password1": PASSWORD, "new_password2": PASSWORD}


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user, BACKEND)
    return client


@pytest.mark.parametrize("name", ["viewer", "operator", "modeller", "admin_user", "stranger"])
def test_everybody_changes_their_own_password(request: pytest.FixtureRequest, name: str) -> None:
    user: User = request.getfixturevalue(name)
    client = client_of(user)

    page = client.get("/account/")
    changed = client.post("/account/password/", {"old_password": user.username, **CHANGE}, follow=True)

    assert page_title(page) == (200, "My account · Orchestrator")
    assert page_title(changed) == (200, "My account · Orchestrator")
    assert User.objects.get(pk=user.pk).check_password(PASSWORD)
    assert list(AuditEvent.objects.values_list("actor", "action", "subject_id")) == [
        (user.username, "password_changed", str(user.pk))
    ]


def test_old_password_cannot_be_guessed_for_ever(viewer: User) -> None:
    client, wrong = client_of(viewer), {"old_password": "wrong", **CHANGE}

    answers = [client.post("/account/password/", wrong) for _ in range(PER_NAME_AND_ADDRESS + 1)]
    right = client.post("/account/password/", {"old_password": viewer.username, **CHANGE})

    assert [answer.status_code for answer in answers] == [200] * PER_NAME_AND_ADDRESS + [429]
    assert right.status_code == 429
    assert int(right["Retry-After"]) > 0
    assert "Too many failed sign-in attempts." in right.content.decode()
    assert not User.objects.get(pk=viewer.pk).check_password(PASSWORD)
    assert AuditEvent.objects.filter(actor=viewer.username).exclude(action="password_changed").exists()


def test_old_password_that_was_right_is_forgotten_as_a_try(viewer: User) -> None:
    client = client_of(viewer)

    answers = [
        client.post("/account/password/", {"old_password": "viewer", "new_password1": "a", "new_password2": "b"})
        for _ in range(PER_NAME_AND_ADDRESS + 1)
    ]

    assert {tuple(answer.context["form"].errors) for answer in answers} == {("new_password2",)}


def test_old_password_is_asked_for(viewer: User) -> None:
    client = client_of(viewer)

    answer = client.post("/account/password/", {"old_password": "guessed", **CHANGE})

    assert "Your old password was entered incorrectly." in answer.content.decode()
    assert User.objects.get(pk=viewer.pk).check_password("viewer")


def test_new_password_ends_the_other_sessions(viewer: User) -> None:
    here, there = client_of(viewer), client_of(viewer)

    here.post("/account/password/", {"old_password": "viewer", **CHANGE})

    assert page_title(here.get("/account/")) == (200, "My account · Orchestrator")
    assert there.get("/account/")["Location"] == "/sign-in/?next=/account/"


def test_password_of_the_identity_provider_is_not_changed_here(viewer: User) -> None:
    viewer.set_unusable_password()
    viewer.save()

    answer = client_of(viewer).get("/account/password/")

    reason = "You sign in through the identity provider; your password is kept there."
    assert error_page(answer) == denied_page(reason)


def test_token_is_made_and_shown_once_and_ended(viewer: User) -> None:
    """Fault M4: tokens could neither be listed nor ended."""
    client = client_of(viewer)

    made = client.post("/account/tokens/", {"name": "nightly", "scope": "read", "days": "30"})
    text = made.context["made"]
    listed = client.get("/account/").content.decode()
    [token] = client.get("/account/").context["tokens"]
    client.post(f"/account/tokens/{token.pk}/end/")

    assert text in made.content.decode()
    assert "nightly" in listed
    assert text not in listed
    assert client.get("/account/").context["tokens"] == []


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"name": "", "scope": "read", "days": "30"}, "name"),
        ({"name": "x", "scope": "everything", "days": "30"}, "scope"),
        ({"name": "x", "scope": "read", "days": "0"}, "days"),
        ({"name": "x", "scope": "read", "days": "366"}, "days"),
    ],
)
def test_token_is_not_made_half(viewer: User, given: dict[str, str], field: str) -> None:
    answer = client_of(viewer).post("/account/tokens/", given)

    assert (answer.status_code, list(answer.context["form"].errors)) == (400, [field])
    assert answer.context["tokens"] == []


def test_nobody_ends_what_is_anothers(viewer: User, operator: User) -> None:
    client_of(operator).post("/account/tokens/", {"name": "x", "scope": "read", "days": "1"})
    [token] = client_of(operator).get("/account/").context["tokens"]
    [*_, session] = client_of(operator).get("/account/").context["sessions"]
    stranger = client_of(viewer)

    statuses = [
        stranger.post(f"/account/tokens/{token.pk}/end/").status_code,
        stranger.post(f"/account/sessions/{session.pk}/end/").status_code,
    ]

    assert statuses == [404, 404]
    assert len(client_of(operator).get("/account/").context["tokens"]) == 1


def test_sessions_are_ended_one_by_one_or_all_others(viewer: User) -> None:
    here, *others = (client_of(viewer) for _ in range(4))
    listed = here.get("/account/").context["sessions"]
    other = next(one for one in listed if one.session_key == others[0].session.session_key)

    here.post(f"/account/sessions/{other.pk}/end/")
    alive = [client.get("/account/").status_code for client in (here, *others)]
    here.post("/account/sessions/end/")

    assert alive == [200, 302, 200, 200]
    assert [client.get("/account/").status_code for client in (here, *others)] == [200, 302, 302, 302]
    assert [row[1] for row in AuditEvent.objects.values_list("actor", "action")] == ["sessions_ended"] * 2
