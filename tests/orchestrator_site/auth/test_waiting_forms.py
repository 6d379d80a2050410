"""What is typed into a form whose session has ended comes back after a sign-in at the identity provider."""

import re
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.contrib.auth.models import User
from django.contrib.sessions.models import Session
from django.test import Client
from pytest_django import Settings
from time_machine import TimeMachineFixture

from orchestrator_site.auth import waiting_forms
from orchestrator_site.auth.kept_posts import KeptPost
from orchestrator_site.models import WaitingForm
from processes.engine.values.status import ProcessStatus
from processes.models import Process
from subscriptions.models import Customer
from tests.factories import processes as rows
from tests.factories import subscriptions as make
from tests.fakes.identity_provider import IdentityProvider
from tests.orchestrator_site.auth.conftest import at_provider, through_provider
from tests.orchestrator_site.auth.test_again import BROWSER, carried

pytestmark = pytest.mark.django_db

ADMIN = {"resource_access": {"orchestrator": {"roles": ["admin"]}}}


@pytest.fixture
def ada(provider: IdentityProvider) -> Client:
    """Her browser, whose session has just ended."""
    provider.access_token = ADMIN
    browser = Client(**BROWSER)  # type: ignore[arg-type]
    through_provider(browser)
    Session.objects.all().delete()
    return browser


def sent(browser: Client, address: str, typed: dict[str, str]) -> dict[str, str]:
    """What the sign-in page carries of a form."""
    answer = browser.post(address, typed)
    assert answer.status_code == 401
    assert "what you typed is kept" in answer.content.decode()
    return carried(answer.content.decode())


def back(browser: Client, fields: dict[str, str]) -> Any:
    """Sign in at the provider with what was typed, and follow to where that leads."""
    to_provider = browser.post("/sign-in/provider/", fields)
    return browser.get(at_provider(to_provider["Location"]), follow=True)


def start_form() -> str:
    return f"/workflows/modify_note/start/{uuid4()}/1/?subscription_id={make.node().subscription_id}"


def customer() -> str:
    return f"/admin/subscriptions/customer/{make.customer().pk}/change/"


def failed_process() -> Process:
    return rows.process(ProcessStatus.FAILED)


FORMS: dict[str, tuple[Callable[[], str], dict[str, str], bool]] = {
    "start": (start_form, {"note": "two\nlines"}, True),
    "note": (lambda: f"/processes/{failed_process().pk}/note/", {"note": "two\nlines", "before": ""}, True),
    "abort": (lambda: f"/processes/{failed_process().pk}/abort/", {"reason": "two\nlines"}, True),
    "state": (
        lambda: f"/processes/{failed_process().pk}/edit-state/",
        {"patch": '{"a": 1}', "reason": "two\nlines", "idempotency_key": "k"},
        True,
    ),
    "admin": (customer, {"fullname": "Renamed", "shortcode": "two-lines", "_save": "Save"}, False),
}


@pytest.mark.parametrize("form", FORMS)
def test_what_was_typed_comes_back_after_the_provider(ada: Client, form: str) -> None:
    """fault 15"""
    make_address, typed, is_shown_again = FORMS[form]
    address = make_address()
    before = present()

    page = back(ada, sent(ada, address, typed))
    html = page.content.decode()
    kept = carried(html)
    shown = ada.post(address, kept) if is_shown_again else page

    assert page.status_code == 200
    assert {name: kept[name] for name in typed} == typed
    assert ("data-goes-on" in html, ">Go on</button>" in html) == (False, is_shown_again)
    assert shown.status_code in {200, 409}  # of a form that does not say what it has seen, that is told as well
    assert "two" in re.sub(r"<input[^>]*>", "", shown.content.decode())
    assert present() == before


def present() -> list[Any]:
    """What the forms would change."""
    return [*Process.objects.values_list("note", "status", "sequence"), *Customer.objects.values_list("fullname")]


def test_an_input_step_gets_its_answers_back(ada: Client) -> None:
    """fault 15: the fields come back, whatever has become of the process."""
    address = f"/processes/{failed_process().pk}/input/{uuid4()}/0/"

    html = back(ada, sent(ada, address, {"answer": "two lines"})).content.decode()

    assert (carried(html)["answer"], carried(html)["_again"]) == ("two lines", "1")


def test_nobody_else_sees_it(ada: Client, provider: IdentityProvider) -> None:
    fields = sent(ada, start_form(), {"note": "between us"})
    provider.person = {"sub": "4712", "preferred_username": "grace"}

    page = back(ada, fields)

    assert "belongs to another user" in page.content.decode()
    assert "between us" not in page.content.decode()
    waiting = WaitingForm.objects.get()
    assert "between us" not in ada.get(f"/sign-in/kept/{waiting.pk}/", follow=True).content.decode()


def test_its_address_shows_it_to_its_owner_alone(ada: Client, operator: User) -> None:
    back(ada, sent(ada, start_form(), {"note": "between us"}))
    stranger = Client()
    stranger.force_login(operator, backend="orchestrator_site.auth.local.LocalBackend")

    answer: Any = stranger.get(f"/sign-in/kept/{WaitingForm.objects.get().pk}/", follow=True)

    assert "no longer kept" in answer.content.decode()
    assert "between us" not in answer.content.decode()
    assert "between us" not in WaitingForm.objects.get().sealed


def test_it_comes_back_after_a_second_try(ada: Client, provider: IdentityProvider) -> None:
    address = start_form()
    ada.post("/sign-in/provider/", sent(ada, address, {"note": "kept"}))
    state = next(iter(ada.session["oidc_states"]))
    refused = ada.get("/sign-in/callback/", {"error": "access_denied", "state": state})

    page = back(ada, carried(refused.content.decode()))

    assert (refused.status_code, carried(page.content.decode())["note"]) == (403, "kept")


def test_a_silent_provider_does_not_lose_it(ada: Client, provider: IdentityProvider) -> None:
    fields = sent(ada, start_form(), {"note": "kept"})
    provider.fails_with = 500
    back_from = at_provider_later(ada, provider, fields)

    assert carried(back_from.content.decode())["kept"] == fields["kept"]


def at_provider_later(browser: Client, provider: IdentityProvider, fields: dict[str, str]) -> Any:
    """Come back to a provider that answers no longer."""
    provider.fails_with = 0
    asked = at_provider(browser.post("/sign-in/provider/", fields)["Location"])
    provider.fails_with = 500
    return browser.get(asked)


def test_it_needs_a_token_of_ours(ada: Client) -> None:
    fields = sent(ada, start_form(), {"note": "kept"})
    browser = Client(enforce_csrf_checks=True, **BROWSER)  # type: ignore[arg-type]

    forged = browser.post("/sign-in/provider/", fields, HTTP_ORIGIN="http://evil.example")
    ours = browser.post("/sign-in/provider/", fields, HTTP_ORIGIN="http://testserver")

    assert (forged.status_code, "The form was refused." in forged.content.decode()) == (403, True)
    assert (ours.status_code, carried(ours.content.decode())["kept"]) == (403, fields["kept"])
    assert not WaitingForm.objects.exists()


def test_a_stronger_sign_in_does_not_lose_it(ada: Client, provider: IdentityProvider, settings: Settings) -> None:
    settings.ACR_VALUES, settings.STEP_UP = ["1", "gold"], {"abort": "gold"}
    provider.id_token = {"acr": "1"}
    through_provider(ada)
    process = failed_process()

    asked = ada.post(f"/processes/{process.pk}/abort/", {"reason": "two lines"})
    provider.id_token = {"acr": "gold"}
    page = back(ada, carried(asked.content.decode()))

    process.refresh_from_db()
    assert (asked.status_code, provider.asked["acr_values"], process.status) == (403, "gold", "failed")
    assert carried(page.content.decode())["reason"] == "two lines"


def test_it_waits_for_an_hour(ada: Client, time_machine: TimeMachineFixture) -> None:
    time_machine.move_to("2026-11-28T08:00:00Z", tick=False)
    owner = User.objects.get(username="ada")
    form_id = waiting_forms.put(KeptPost("/", (("a", "1"),), "/", owner.pk).sealed)

    assert waiting_forms.is_of(form_id, owner)
    time_machine.move_to("2026-11-28T09:00:01Z", tick=False)
    assert not waiting_forms.is_of(form_id, owner)
    assert waiting_forms.sealed(form_id) == ""


def test_few_of_one_and_none_of_those_unknown_wait(operator: User) -> None:
    """Who is not signed in does not fill the database."""
    for number in range(30):
        waiting_forms.put(KeptPost("/", (("a", str(number)),), "/", 0).sealed)
        waiting_forms.put(KeptPost("/", (("a", str(number)),), "/", operator.pk).sealed)

    assert list(WaitingForm.objects.values_list("user", flat=True)) == [operator.pk] * waiting_forms.MOST_OF_ONE


@pytest.mark.parametrize("kept", ["", "x", "gAAAAA" + "a" * 100])
def test_what_is_no_form_of_ours_is_not_kept(kept: str) -> None:
    assert waiting_forms.put(kept) == ""
    assert not WaitingForm.objects.exists()
