"""A new password and a disabled account end tokens and sessions, by whichever door it is done."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.core.management import call_command
from django.test import Client

from orchestrator_site.account import sessions
from orchestrator_site.auth import tokens
from processes.access.permissions import Scope
from processes.models import AuditEvent
from tests.conftest import person

pytestmark = pytest.mark.django_db
BACKEND = "orchestrator_site.auth.local.LocalBackend"
PASSWORD = "correct horse battery"


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user, BACKEND)
    return client


def own_page(user: User) -> None:
    change = {"old_password": user.username, "new_password1": PASSWORD, "new_password2": PASSWORD}
    client_of(user).post("/account/password/", change)


def admin_page(user: User) -> None:
    change = {"password1": PASSWORD, "password2": PASSWORD, "usable_password": "true"}
    client_of(person("root", "admin")).post(f"/admin/auth/user/{user.pk}/password/", change)


def without_password(user: User) -> None:
    change = {"password1": "", "password2": "", "usable_password": "false", "unset-password": "1"}
    client_of(person("root", "admin")).post(f"/admin/auth/user/{user.pk}/password/", change)


def disabled(user: User) -> None:
    chosen = {"action": "disable", "_selected_action": [user.pk]}
    client_of(person("root", "admin")).post("/admin/auth/user/", chosen)


def disabled_on_the_form(user: User) -> None:
    change = {"username": user.username, "email": "", "first_name": "", "last_name": "", "groups": []}
    client_of(person("root", "admin")).post(f"/admin/auth/user/{user.pk}/change/", change)


def set_in_code(user: User) -> None:
    user.set_password(PASSWORD)
    user.save()


@pytest.mark.parametrize("door", [own_page, admin_page, without_password, disabled, disabled_on_the_form, set_in_code])
def test_tokens_and_sessions_end(door: Callable[[User], None], viewer: User) -> None:
    """Fault M4: tokens survived a new password."""
    _, text = tokens.make(viewer, name="x", scope=Scope.READ, life=timedelta(days=1))
    elsewhere = client_of(viewer)

    door(User.objects.get(pk=viewer.pk))

    called = Client(headers={"Authorization": f"Token {text}"}).get("/api/processes/")
    assert called.status_code == 401
    assert elsewhere.get("/account/")["Location"] == "/sign-in/?next=/account/"
    assert list(tokens.of_person(viewer)) == []
    assert AuditEvent.objects.filter(action="tokens_ended", subject_id=str(viewer.pk)).count() == 1


def test_other_changes_end_nothing(viewer: User) -> None:
    tokens.make(viewer, name="x", scope=Scope.READ, life=timedelta(days=1))
    client = client_of(viewer)

    viewer.email = "new@example.org"
    viewer.save()
    Client().post("/sign-in/", {"username": "viewer", "password": "viewer"})

    assert client.get("/account/").status_code == 200
    assert len(tokens.of_person(viewer)) == 1


def test_enabled_again_the_old_tokens_stay_ended(viewer: User) -> None:
    tokens.make(viewer, name="x", scope=Scope.READ, life=timedelta(days=1))
    for active in (False, True):
        viewer.is_active = active
        viewer.save()

    assert list(tokens.of_person(viewer)) == []


def test_session_is_listed_until_it_is_signed_out(viewer: User) -> None:
    client = Client(headers={"User-Agent": "Firefox"})
    client.post("/sign-in/", {"username": "viewer", "password": "viewer"}, REMOTE_ADDR="192.0.2.7")
    [listed] = sessions.of_person(viewer)

    client.post("/sign-out/")

    assert (listed.address, listed.client) == ("192.0.2.7", "Firefox")
    assert list(sessions.of_person(viewer)) == []


def test_new_people_and_commands_are_no_endings(db: None) -> None:
    call_command("createsuperuser", username="root", email="", interactive=False)

    assert not AuditEvent.objects.exists()
