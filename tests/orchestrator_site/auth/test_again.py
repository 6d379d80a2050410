"""A form whose session or token had ended: nothing that was typed is lost, and nothing of other sites is taken."""

import random
import re
from html import unescape
from typing import Any
from uuid import uuid4

import pytest
from django.contrib.auth.models import User
from django.contrib.sessions.models import Session
from django.test import Client

from orchestrator_site.auth import kept_posts
from processes.engine.values.secrets import MASK
from processes.forms.secrets import opened_text
from subscriptions.models import Customer
from tests.factories import subscriptions as make

BROWSER = {"HTTP_ACCEPT": "text/html,*/*"}
OURS = {**BROWSER, "HTTP_ORIGIN": "http://testserver", "HTTP_REFERER": "http://testserver/admin/"}
SIGNED_IN = {"username": "admin", "password": "admin"}

pytestmark = pytest.mark.django_db


def carried(html: str) -> dict[str, str]:
    """The hidden fields of a page."""
    found = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', html)
    return {name: unescape(value) for name, value in found}


def after_a_session(user: User) -> Client:
    """The browser of somebody whose session has ended."""
    browser = Client(**BROWSER)  # type: ignore[arg-type]
    browser.force_login(user, "orchestrator_site.auth.local.LocalBackend")
    browser.get("/")
    Session.objects.all().delete()
    return browser


def note_form() -> str:
    node = make.node()
    return f"/workflows/modify_note/start/{uuid4()}/1/?subscription_id={node.subscription_id}"


def test_what_was_typed_is_in_its_form_after_a_new_sign_in(admin_user: User) -> None:
    """fault 15"""
    browser, address = after_a_session(admin_user), note_form()
    asked = browser.post(address, {"note": "two\r\nlines <b>"})

    sealed = carried(asked.content.decode())["kept"]
    back = browser.post("/sign-in/", {**SIGNED_IN, "kept": sealed})
    sent = carried(back.content.decode())
    shown = browser.post(address, sent)

    assert (asked.status_code, "Your session has ended." in asked.content.decode()) == (401, True)
    assert "lines" not in sealed
    assert "data-goes-on" in back.content.decode()
    assert re.findall(r'<textarea[^>]*name="note"[^>]*>\s*([^<]*)</textarea>', shown.content.decode()) == [
        "two\nlines &lt;b&gt;"
    ]


def test_another_form_is_sent_by_a_second_press(admin_user: User) -> None:
    """fault 15"""
    customer = make.customer()
    browser = after_a_session(admin_user)
    address = f"/admin/subscriptions/customer/{customer.pk}/change/"
    asked = browser.post(address, {"fullname": "Renamed", "shortcode": "EX", "_save": "Save"})

    back = browser.post("/sign-in/", {**SIGNED_IN, "kept": carried(asked.content.decode())["kept"]})

    assert "data-goes-on" not in back.content.decode()
    assert "Renamed" in back.content.decode()
    assert Customer.objects.get().fullname == "Example"
    assert browser.post(address, carried(back.content.decode())).status_code == 302
    assert Customer.objects.get().fullname == "Renamed"


def test_a_wrong_password_does_not_lose_it(admin_user: User) -> None:
    browser, address = after_a_session(admin_user), note_form()
    sealed = carried(browser.post(address, {"note": "kept"}).content.decode())["kept"]

    wrong = browser.post("/sign-in/", {"username": "admin", "password": "no", "kept": sealed})

    assert carried(wrong.content.decode())["kept"] == sealed


@pytest.mark.parametrize("typed", [{}, {"note": ""}])
def test_nothing_is_led_to_the_sign_in_as_ever(typed: dict[str, str], admin_user: User) -> None:
    answer = after_a_session(admin_user).post("/workflows/create_node/start/", typed)

    assert answer["Location"].startswith("/sign-in/?next=/workflows/create_node/start/")


def test_what_is_too_long_to_be_carried_is_told(admin_user: User) -> None:
    """Of more than can be carried nothing was said."""
    typed = {"note": "".join(random.Random(1).choices("abcdefghijklmnopqrstuvwxyz0123456789äöü", k=800_000))}

    nobody = after_a_session(admin_user).post("/workflows/create_node/start/", typed)
    somebody = strict(admin_user).post("/workflows/create_node/start/", typed, **OURS)  # type: ignore[arg-type]

    assert (nobody.status_code, "is too long to be kept" in nobody.content.decode()) == (401, True)
    assert (somebody.status_code, "is too long to be kept" in somebody.content.decode()) == (403, True)


@pytest.mark.parametrize("kept", ["x", "sealed:v1:x", "sealed:v1:gAAAA" + "a" * 100])
def test_a_forged_text_is_no_form(kept: str, admin_user: User) -> None:
    answer = Client().post("/sign-in/", {**SIGNED_IN, "kept": kept})

    assert (answer.status_code, answer["Location"]) == (302, "/")


PASSWORDS = {
    "own": (
        "/account/password/",
        {"old_password": "S3cret-1", "new_password1": "S3cret-2", "new_password2": "S3cret-2"},
    ),
    "add": (
        "/admin/auth/user/add/",
        {"username": "newcomer", "how": "here", "password1": "S3cret-1", "password2": "S3cret-1"},
    ),
}


@pytest.mark.parametrize("form", PASSWORDS)
def test_passwords_are_never_given_back(form: str, admin_user: User) -> None:
    """They stood in clear in hidden fields of the page."""
    address, typed = PASSWORDS[form]
    browser = after_a_session(admin_user)

    asked = browser.post(address, typed).content.decode()
    back = browser.post("/sign-in/", {**SIGNED_IN, "kept": carried(asked)["kept"]}).content.decode()
    again = browser.post(address, carried(back)).content.decode()

    assert "S3cret" not in asked + back + again
    assert "to be typed again: " in back
    assert "This field is required." in again
    assert carried(back).get("username", "") == typed.get("username", "")


def test_a_secret_of_a_workflow_comes_back_sealed(admin_user: User) -> None:
    """It stood in clear in the page, and was then forgotten."""
    browser, address = after_a_session(admin_user), f"/workflows/modify_note/start/{uuid4()}/1/"

    asked = browser.post(address, {"pin": "4711", "pin._kept": "", "name": "n"}).content.decode()
    back = browser.post("/sign-in/", {**SIGNED_IN, "kept": carried(asked)["kept"]}).content.decode()
    sent = carried(back)

    assert (sent["name"], "pin" in sent, "4711" in back, MASK in back) == ("n", False, False, True)
    assert opened_text(sent["pin._kept"]) == "4711"


def test_what_was_typed_is_for_who_typed_it_alone(operator: User, admin_user: User) -> None:
    """A half-typed note was put into the form of the next person who signed in there."""
    browser, address = after_a_session(operator), note_form()

    asked = browser.post(address, {"note": "between us"}).content.decode()
    back: Any = browser.post("/sign-in/", {**SIGNED_IN, "kept": carried(asked)["kept"]}, follow=True)

    assert "belongs to another user" in back.content.decode()
    assert "between us" not in asked + back.content.decode()


def test_a_browser_of_nobody_keeps_nothing() -> None:
    answer = Client(**BROWSER).post(note_form(), {"note": "whose?"})  # type: ignore[arg-type]

    assert answer["Location"].startswith("/sign-in/?next=")


def test_secrets_are_not_shown_beside_the_button() -> None:
    fields = (("pin._kept", "sealed"), ("_save", "1"), ("name", "n"), ("seen", "7"))
    kept = kept_posts.KeptPost("/x/", fields, "/", 1, ("new_password1", "new_password2"))

    assert kept.typed == [("Pin", MASK), ("Name", "n")]
    assert kept.asked_again == ["New password"]
    assert kept_posts.opened(kept.sealed) == kept


def strict(user: User | None = None) -> Client:
    browser = Client(enforce_csrf_checks=True)
    if user is not None:
        browser.force_login(user)
    return browser


def test_a_form_from_before_the_last_sign_in_goes_on(admin_user: User) -> None:
    """fault 15"""
    browser, address = strict(admin_user), note_form()

    refused = browser.post(address, {"note": "kept", "csrfmiddlewaretoken": "old"}, **OURS)  # type: ignore[arg-type]
    sent = carried(refused.content.decode())
    shown = browser.post(address, sent, **OURS)  # type: ignore[arg-type]

    assert (refused.status_code, "data-goes-on" in refused.content.decode()) == (403, False)
    assert (shown.status_code, ">\nkept</textarea>" in shown.content.decode()) == (200, True)


@pytest.mark.parametrize("origin", ["http://evil.example", "null", ""])
def test_a_form_of_another_site_is_refused_with_nothing_of_it(admin_user: User, origin: str) -> None:
    headers: dict[str, Any] = {**BROWSER, "HTTP_ORIGIN": origin} if origin else BROWSER

    refused = strict(admin_user).post(note_form(), {"note": "forged"}, **headers)

    html = refused.content.decode()
    assert (refused.status_code, "The form was refused." in html, "forged" in html) == (403, True, False)


def test_a_second_sign_in_goes_where_it_wanted(admin_user: User) -> None:
    """fault 15"""
    sent = {**SIGNED_IN, "next": "/processes/"}

    signed_in = strict(admin_user).post("/sign-in/", sent, **OURS)  # type: ignore[arg-type]
    not_yet = strict().post("/sign-in/", sent, **OURS)  # type: ignore[arg-type]

    assert (signed_in.status_code, signed_in["Location"]) == (302, "/processes/")
    html = not_yet.content.decode()
    assert (not_yet.status_code, 'value="admin"' in html, carried(html)["next"]) == (403, True, "/processes/")


def test_programs_are_told_as_ever(admin_user: User) -> None:
    answer = strict(admin_user).post("/api/processes/x", {"a": 1}, content_type="application/json")

    assert (answer.status_code, answer["Content-Type"]) == (403, "application/problem+json")
