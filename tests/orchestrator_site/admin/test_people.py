"""People are added, invited, disabled and kept from locking everybody out."""

import re
from typing import Any

import pytest
from django.contrib.auth.models import Group, User
from django.core import mail
from django.core.mail.backends import locmem
from django.db import connection
from django.test import Client
from pytest_django import Settings

from processes.models import AuditEvent
from tests.answers import page_title
from tests.conftest import person

pytestmark = pytest.mark.django_db
BACKEND = "orchestrator_site.auth.local.LocalBackend"
PASSWORD = "correct horse battery"
ADD = "/admin/auth/user/add/"


@pytest.fixture
def admin(admin_user: User) -> Client:
    client = Client()
    client.force_login(admin_user, BACKEND)
    return client


def new(**more: Any) -> dict[str, Any]:
    return {"username": "ada", "first_name": "", "last_name": "", "email": "", "how": "invite", **more}


def errors(answer: Any) -> dict[str, list[str]]:
    return {name: list(told) for name, told in answer.context["adminform"].form.errors.items()}


def acts() -> list[tuple[str, str, dict[str, Any]]]:
    return list(AuditEvent.objects.values_list("actor", "action", "detail"))


def test_person_is_added_with_a_password_and_roles(admin: Client) -> None:
    """Fault H1: the page to add somebody had no fields, and saved somebody without a name."""
    operator = Group.objects.get(name="operator")
    filled = new(how="here", password1=PASSWORD, password2=PASSWORD, groups=[operator.pk])

    answer = admin.post(ADD, filled)

    ada = User.objects.get(username="ada")
    assert answer.status_code == 302
    assert ada.check_password(PASSWORD)
    assert [group.name for group in ada.groups.all()] == ["operator"]
    assert acts()[0][:2] == ("admin", "user_added")
    assert acts()[0][2]["changes"]["groups"] == {"from": None, "to": ["operator"]}
    assert PASSWORD not in str(acts())


@pytest.mark.parametrize(
    ("filled", "told"),
    [
        (new(username=""), {"username": ["This field is required."]}),
        (new(username="ADMIN"), {"username": ["A user with that username already exists."]}),
        (
            new(how="here"),
            {"password1": ["This field is required."], "password2": ["This field is required."]},
        ),
        (
            new(how="here", password1=PASSWORD, password2=f"{PASSWORD}!"),
            {"password2": ["The two password fields didn\N{RIGHT SINGLE QUOTATION MARK}t match."]},
        ),
        (
            new(how="here", password1="short", password2="short"),
            {"password2": ["This password is too short. It must contain at least 12 characters."]},
        ),
        (new(how=""), {"how": ["This field is required."]}),
    ],
)
def test_person_is_not_added_half(admin: Client, filled: dict[str, Any], told: dict[str, list[str]]) -> None:
    """Fault H1: an empty form saved a nameless user."""
    answer = admin.post(ADD, filled)

    assert errors(answer) == told
    assert User.objects.count() == 1


def test_invited_person_sets_a_password_by_a_link_that_works_once(admin: Client) -> None:
    page = admin.post(ADD, new(email="ada@example.org")).content.decode()
    link = re.search(r"http://testserver(/account/invitation/\S+?)<", page)
    assert link
    visitor = Client()

    form = visitor.get(link[1], follow=True)
    visitor.post(form.redirect_chain[-1][0], {"new_password1": PASSWORD, "new_password2": PASSWORD})
    again = Client().get(link[1], follow=True)

    assert User.objects.get(username="ada").check_password(PASSWORD)
    assert "This link was used already" in again.content.decode()
    assert [act[:2] for act in acts()] == [
        ("admin", "user_added"), ("admin", "user_invited"), ("ada", "password_changed")
    ]  # fmt: skip
    assert acts()[1][2] == {"shown": True}


def test_invitation_is_sent_where_mail_is_configured(admin: Client, settings: Settings) -> None:
    settings.MAIL_ENABLED = True

    page = admin.post(ADD, new(email="ada@example.org")).content.decode()

    [sent] = mail.outbox
    assert sent.to == ["ada@example.org"]
    assert "http://testserver/account/invitation/" in sent.body
    assert "An invitation was sent to ada@example.org." in page
    assert "/account/invitation/" not in page
    assert acts()[-1] == ("admin", "user_invited", {"sent_to": "ada@example.org"})


class SlowMail(locmem.EmailBackend):
    """A mail server that notices what waits while it takes its time."""

    held: list[bool] = []

    def send_messages(self, messages: Any) -> int:
        self.held.append(connection.in_atomic_block)
        return super().send_messages(messages)


@pytest.mark.django_db(transaction=True)
def test_nothing_is_held_while_an_invitation_is_sent(admin: Client, settings: Settings) -> None:
    """The trail's head was: nobody could do anything that is recorded until the mail server answered."""
    settings.MAIL_ENABLED = True
    settings.EMAIL_BACKEND = f"{__name__}.SlowMail"

    admin.post(ADD, new(email="ada@example.org"))

    assert (SlowMail.held, len(mail.outbox)) == ([False], 1)


def test_invitation_that_cannot_be_sent_is_shown(admin: Client, settings: Settings) -> None:
    settings.MAIL_ENABLED = True
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1

    page = admin.post(ADD, new(email="ada@example.org")).content.decode()

    assert "The mail server did not take it (ConnectionRefusedError)." in page
    assert "/account/invitation/" in page


def test_invitation_of_somebody_known_is_asked_for_and_made(admin: Client) -> None:
    ada = person("ada", "viewer")

    asked = admin.get(f"/admin/auth/user/{ada.pk}/invitation/")
    by_link = admin.get(f"/admin/auth/user/{ada.pk}/invite/")
    made = admin.post(f"/admin/auth/user/{ada.pk}/invite/")

    assert "Make a link with which ada sets a new password?" in asked.content.decode()
    assert by_link.status_code == 405
    assert "/account/invitation/" in made.content.decode()
    assert User.objects.get(pk=ada.pk).check_password("ada")


@pytest.mark.parametrize("name", ["viewer", "operator", "modeller", "stranger"])
def test_only_administrators_invite(request: pytest.FixtureRequest, name: str) -> None:
    client = Client()
    user = request.getfixturevalue(name)
    client.force_login(user, BACKEND)

    statuses = [
        client.get(ADD, follow=True).status_code,
        client.get(f"/admin/auth/user/{user.pk}/invitation/", follow=True).status_code,
        client.post(f"/admin/auth/user/{user.pk}/invite/", follow=True).status_code,
    ]

    assert statuses == [403] * 3
    assert [act[:2] for act in acts()] == [(user.username, "refused")] * 3


def test_disabled_people_are_signed_out_and_enabled_again(admin: Client) -> None:
    ada = person("ada", "viewer")
    visitor = Client()
    visitor.force_login(ada, BACKEND)
    chosen = {"_selected_action": [ada.pk]}

    admin.post("/admin/auth/user/", {"action": "disable", **chosen})
    refused = visitor.get("/")
    admin.post("/admin/auth/user/", {"action": "enable", **chosen})

    assert refused["Location"] == "/sign-in/?next=/"
    assert User.objects.get(pk=ada.pk).is_active
    assert [act[2]["changes"] for act in acts()] == [
        {"is_active": {"from": True, "to": False}},
        {"is_active": {"from": False, "to": True}},
    ]


def test_nobody_disables_or_deletes_their_own_account(admin: Client, admin_user: User) -> None:
    chosen = {"_selected_action": [admin_user.pk]}

    disabled = admin.post("/admin/auth/user/", {"action": "disable", **chosen}, follow=True)
    deleted = admin.post(f"/admin/auth/user/{admin_user.pk}/delete/", {"post": "yes"})
    together = admin.post("/admin/auth/user/", {"action": "delete_selected", "post": "yes", **chosen})

    assert "admin was not disabled: this is your own account." in disabled.content.decode()
    assert "User admin: this is your own account." in deleted.content.decode()
    assert "User admin: this is your own account." in together.content.decode()
    assert User.objects.get(pk=admin_user.pk).is_active


def test_last_administrator_stays(admin: Client, admin_user: User) -> None:
    other = User.objects.create_superuser("root")
    admin_user.groups.clear()
    admin.force_login(other, BACKEND)
    other.refresh_from_db()
    change = {"username": "root", "first_name": "", "last_name": "", "email": "", "groups": []}

    answer = admin.post(f"/admin/auth/user/{other.pk}/change/", change)

    assert errors(answer) == {"__all__": ["You cannot take the administration away from yourself."]}
    assert User.objects.get(pk=other.pk).is_active


def test_changes_of_roles_say_before_and_after(admin: Client) -> None:
    ada = person("ada", "viewer")
    operator = Group.objects.get(name="operator")
    change = {"username": "ada", "first_name": "Ada", "last_name": "", "email": "ada@example.org"}

    admin.post(f"/admin/auth/user/{ada.pk}/change/", {**change, "is_active": "on", "groups": [operator.pk]})

    assert acts() == [
        (
            "admin",
            "user_changed",
            {
                "name": "ada",
                "changes": {
                    "first_name": {"from": "", "to": "Ada"},
                    "groups": {"from": ["viewer"], "to": ["operator"]},
                },
            },
        )
    ]


def test_password_set_by_an_administrator_is_not_told(admin: Client) -> None:
    ada = person("ada", "viewer")

    admin.post(
        f"/admin/auth/user/{ada.pk}/password/",
        {"password1": PASSWORD, "password2": PASSWORD, "usable_password": "true"},
    )

    assert User.objects.get(pk=ada.pk).check_password(PASSWORD)
    assert PASSWORD not in str(acts())
    assert [act[:2] for act in acts()] == [("admin", "user_changed")]


def test_password_of_the_admin_site_is_changed_on_the_page_of_everybody(admin: Client) -> None:
    assert admin.get("/admin/password_change/")["Location"] == "/account/password/"


def test_page_to_add_somebody_has_its_fields(admin: Client) -> None:
    """Fault H1."""
    answer = admin.get(ADD)

    assert page_title(answer) == (200, "Add user | Orchestrator")
    assert list(answer.context["adminform"].form.fields) == [
        "username", "first_name", "last_name", "email", "groups", "how", "password1", "password2"
    ]  # fmt: skip


def test_groups_are_boxes_to_tick(admin: Client) -> None:
    """Two lists side by side were cut off at 1280 pixels."""
    page = admin.get(ADD).content.decode()

    assert len(re.findall(r'<input type="checkbox" name="groups" value="\d+"', page)) == Group.objects.count()


def test_administrator_sees_and_ends_sessions_and_tokens_of_somebody(admin: Client) -> None:
    """Fault M4: nobody could."""
    ada = person("ada", "viewer")
    theirs = [Client() for _ in range(2)]
    for client in theirs:
        client.force_login(ada, BACKEND)
    theirs[0].post("/account/tokens/", {"name": "nightly", "scope": "read", "days": "1"})
    page = f"/admin/auth/user/{ada.pk}/sign-ins/"

    shown = admin.get(page)
    admin.post(page, {"end": "chosen", "session": [shown.context["sessions"][0].pk, "x", "99999999999999999999"]})
    after_one = len(admin.get(page).context["sessions"])
    admin.post(page, {"end": "all"})
    left = admin.get(page)

    assert "nightly (read)" in shown.content.decode()
    assert (len(shown.context["sessions"]), after_one, len(left.context["sessions"])) == (2, 1, 0)
    assert list(left.context["tokens"]) == []
    assert [event.action for event in left.context["trail"]] == [
        "sessions_ended", "tokens_ended", "sessions_ended", "token_made"
    ]  # fmt: skip
    assert {event.actor for event in left.context["trail"]} == {"admin", "ada"}


@pytest.mark.parametrize("name", ["SYSTEM", "anonymous", "\u043eperator"])
def test_nobody_is_called_like_the_system_or_like_somebody_else(admin: Client, name: str) -> None:
    """Their acts would have looked like those of the engine, or of another person."""
    answer = admin.post(ADD, new(username=name))

    assert list(errors(answer)) == ["username"]
    assert not User.objects.filter(username=name).exists()
