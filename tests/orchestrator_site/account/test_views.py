"""Everybody has a page of their own and changes their own password there."""

import pytest
from django.contrib.auth.models import User
from django.test import Client

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
