"""The way to the identity provider and back."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.contrib.auth.models import User
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import clear_script_prefix, set_script_prefix
from pytest_django import Settings
from time_machine import TimeMachineFixture

from orchestrator_site.account.sessions import forget_all
from orchestrator_site.models import ProviderSession
from processes.access.permissions import roles_of
from processes.models import AuditEvent
from tests.answers import NO_SUCH_PAGE, error_page
from tests.fakes.identity_provider import IdentityProvider
from tests.orchestrator_site.auth.conftest import at_provider, through_provider

pytestmark = pytest.mark.django_db


def test_provider_is_404_when_there_is_none(visitor: Client) -> None:
    assert error_page(visitor.get("/sign-in/provider/")) == NO_SUCH_PAGE
    assert error_page(visitor.get("/sign-in/callback/?code=a&state=b")) == NO_SUCH_PAGE


def test_provider_signs_in_with_roles_of_both_tokens(visitor: Client, provider: IdentityProvider) -> None:
    provider.id_token = {"groups": ["/viewer", "/staff"]}
    provider.access_token = {"resource_access": {"orchestrator": {"roles": ["modeller"]}}}

    response = through_provider(visitor, "/products/")

    user = User.objects.get()
    assert (response.status_code, response["Location"]) == (302, "/products/")
    assert (user.username, roles_of(user)) == ("ada", frozenset({"viewer", "modeller"}))
    assert AuditEvent.objects.get(action="sign_in").detail == {"with": "oidc"}


def test_person_is_known_by_subject_not_by_e_mail(visitor: Client, provider: IdentityProvider) -> None:
    boss = User.objects.create_user("boss", "boss@example.org", "secret", is_superuser=True)
    provider.person = {"sub": "666", "preferred_username": "mallory", "email": "boss@example.org"}

    through_provider(visitor)

    assert visitor.session["_auth_user_id"] != str(boss.pk)


@pytest.mark.parametrize(
    "claims",
    [
        {"iss": "https://elsewhere.example"},
        {"aud": "another-client"},
        {"aud": ["orchestrator", "another-client"]},
        {"azp": "another-client"},
        {"exp": 1},
        {"exp": None},
        {"sub": None},
        {"nonce": "another"},
        {"nonce": None},
        {"typ": "Bearer"},
    ],
    ids=str,
)
def test_wrong_id_token_signs_nobody_in(visitor: Client, provider: IdentityProvider, claims: dict[str, Any]) -> None:
    provider.id_token = claims

    response = through_provider(visitor)

    assert (response.status_code, "_auth_user_id" in visitor.session) == (403, False)
    assert "response of the identity provider is invalid" in response.content.decode()


@pytest.fixture
def below_noc(settings: Settings) -> Iterator[None]:
    settings.FORCE_SCRIPT_NAME = "/noc"
    set_script_prefix("/noc/")  # as the handler of a server does, and that of tests does not
    yield
    clear_script_prefix()


@pytest.mark.usefixtures("below_noc")
def test_site_below_a_prefix_names_it_to_the_provider(visitor: Client, provider: IdentityProvider) -> None:
    """Several sites of a host: the way there, back, and out."""
    begun = visitor.get("/sign-in/provider/")
    back = at_provider(begun["Location"])
    signed_in = visitor.get(back.replace("/noc/", "/", 1))
    out = visitor.post("/sign-out/")

    asked, left = (parse_qs(urlsplit(answer["Location"]).query) for answer in (begun, out))
    assert asked["redirect_uri"] == ["http://testserver/noc/sign-in/callback/"]
    assert (signed_in.status_code, signed_in["Location"]) == (302, "/noc/")
    assert left["post_logout_redirect_uri"] == ["http://testserver/noc/sign-in/"]


def test_answer_counts_once(visitor: Client, provider: IdentityProvider) -> None:
    back = at_provider(visitor.get("/sign-in/provider/")["Location"])
    visitor.get(back)
    Client().get(back)

    again = visitor.get(back)

    assert (again.status_code, AuditEvent.objects.filter(action="sign_in").count()) == (403, 1)
    assert "response of the identity provider is invalid" in again.content.decode()


def test_broken_provider_is_told_on_the_page(visitor: Client, provider: IdentityProvider) -> None:
    back = at_provider(visitor.get("/sign-in/provider/")["Location"])
    provider.fails_with = 500

    response = visitor.get(back)

    assert (response.status_code, "Unexpected response" in response.content.decode()) == (502, True)


def test_refusal_of_the_provider_is_told_on_the_page(visitor: Client, provider: IdentityProvider) -> None:
    response = visitor.get("/sign-in/callback/?error=access_denied&state=x")

    assert (response.status_code, "did not sign you in" in response.content.decode()) == (403, True)


def test_refusal_that_nobody_asked_for_signs_nobody_out(visitor: Client, provider: IdentityProvider) -> None:
    """A link to the callback used to end the session of whoever followed it."""
    through_provider(visitor)

    visitor.get("/sign-in/callback/?error=access_denied&state=x")

    assert "_auth_user_id" in visitor.session


def test_wanted_page_is_kept_through_a_refusal(visitor: Client, provider: IdentityProvider) -> None:
    """K6."""
    visitor.get("/sign-in/provider/", {"next": "/products/"})
    state = next(iter(visitor.session["oidc_states"]))

    refused = visitor.get("/sign-in/callback/", {"error": "access_denied", "state": state})

    assert "/sign-in/provider/?next=/products/" in refused.content.decode()


def test_two_sign_ins_at_once_lead_each_to_its_own_page(visitor: Client, provider: IdentityProvider) -> None:
    """K6."""
    asked = [visitor.get("/sign-in/provider/", {"next": page})["Location"] for page in ("/products/", "/processes/")]

    pages = [visitor.get(at_provider(address))["Location"] for address in asked]

    assert pages == ["/products/", "/processes/"]


def test_answer_of_another_issuer_is_refused(visitor: Client, provider: IdentityProvider) -> None:
    back = at_provider(visitor.get("/sign-in/provider/")["Location"])

    response = visitor.get(back.replace(provider.issuer, "https://elsewhere.example"))

    assert (response.status_code, "_auth_user_id" in visitor.session) == (403, False)
    assert "response of the identity provider is invalid" in response.content.decode()


def test_sign_in_that_takes_too_long_begins_anew(
    visitor: Client, provider: IdentityProvider, time_machine: TimeMachineFixture
) -> None:
    time_machine.move_to(datetime.now(UTC), tick=False)
    back = at_provider(visitor.get("/sign-in/provider/", {"next": "/products/"})["Location"])
    time_machine.shift(601)

    response = visitor.get(back)

    assert "The sign-in took too long." in response.content.decode()
    assert "/sign-in/provider/?next=/products/" in response.content.decode()


def test_silent_provider_is_told_before_anybody_is_sent_there(visitor: Client, provider: IdentityProvider) -> None:
    """K7."""
    provider.fails_with = 503

    response = visitor.get("/sign-in/provider/", {"next": "/products/"})

    assert (response.status_code, response["Retry-After"]) == (503, "15")
    assert "The identity provider is not responding" in response.content.decode()


def test_provider_is_asked_with_proof_key_state_and_nonce(visitor: Client, provider: IdentityProvider) -> None:
    through_provider(visitor)

    assert provider.asked["code_challenge_method"] == "S256"
    assert [len(provider.asked[name]) >= 32 for name in ("code_challenge", "state", "nonce")] == [True] * 3


def test_provider_of_another_name_is_not_believed(
    visitor: Client, provider: IdentityProvider, settings: Settings
) -> None:
    settings.OIDC_ISSUER = f"{provider.issuer}/"

    response = visitor.get("/sign-in/provider/")

    assert response.status_code == 503
    assert "The identity provider is not responding" in response.content.decode()


def test_session_gets_a_new_key_at_sign_in(visitor: Client, provider: IdentityProvider) -> None:
    back = at_provider(visitor.get("/sign-in/provider/")["Location"])
    before = visitor.session.session_key

    visitor.get(back)

    assert visitor.session.session_key != before
    assert ProviderSession.objects.get().session_key == visitor.session.session_key


def test_next_page_on_another_host_is_ignored(visitor: Client, provider: IdentityProvider) -> None:
    assert through_provider(visitor, "//evil.example/")["Location"] == "/"


@pytest.fixture
def gold(settings: Settings, provider: IdentityProvider) -> None:
    """A site whose engine may be paused by who signed in at the level gold; an administrator signs in."""
    settings.ACR_VALUES, settings.STEP_UP = ["1", "gold"], {"pause": "gold"}
    provider.person |= {"realm_access": {"roles": ["admin"]}}


def test_act_that_asks_for_more_is_done_after_signing_in_again(
    visitor: Client, provider: IdentityProvider, gold: None
) -> None:
    through_provider(visitor)
    before = visitor.put("/api/settings/status", {"global_lock": True}, "application/json")
    asked = visitor.get("/sign-in/provider/?acr=gold&next=/engine/")
    back = visitor.get(at_provider(asked["Location"]))

    after = visitor.put("/api/settings/status", {"global_lock": True}, "application/json")

    assert (before.status_code, before.json()["type"], after.status_code) == (401, "StepUpRequired", 200)
    assert before["WWW-Authenticate"].endswith('error="insufficient_user_authentication", acr_values="gold"')
    assert (provider.asked["acr_values"], back["Location"]) == ("gold", "/engine/")


def test_session_of_a_stronger_sign_in_has_a_new_key(visitor: Client, provider: IdentityProvider, gold: None) -> None:
    """Whoever knew the session before gets nothing of its new level; the forms of other tabs stay good."""
    through_provider(visitor)
    before = {"sessionid": visitor.cookies["sessionid"].value}
    asked = visitor.get("/sign-in/provider/?acr=gold")
    visitor.get(at_provider(asked["Location"]))

    stolen = Client()
    stolen.cookies.load(before)

    assert visitor.put("/api/settings/status", {"global_lock": True}, "application/json").status_code == 200
    assert stolen.put("/api/settings/status", {"global_lock": True}, "application/json").status_code == 401
    assert ProviderSession.objects.get().session_key == visitor.session.session_key


def test_session_of_a_stronger_sign_in_can_still_be_ended(
    visitor: Client, provider: IdentityProvider, gold: None
) -> None:
    """It had a new key, under which nobody found it: neither its owner nor an administrator."""
    through_provider(visitor)
    visitor.get(at_provider(visitor.get("/sign-in/provider/?acr=gold")["Location"]))

    listed = [one.session_key for one in visitor.get("/account/").context["sessions"]]
    forget_all(User.objects.get())

    assert listed == [visitor.cookies["sessionid"].value]
    assert visitor.get("/account/").status_code == 302


def test_page_offers_to_sign_in_at_the_level(visitor: Client, provider: IdentityProvider, gold: None) -> None:
    through_provider(visitor)

    page = visitor.post("/engine/pause/")

    assert page.status_code == 403
    assert "/sign-in/provider/?acr=gold" in page.content.decode()


def test_weaker_sign_in_than_was_asked_is_refused(visitor: Client, provider: IdentityProvider, gold: None) -> None:
    asked = visitor.get("/sign-in/provider/?acr=gold")
    provider.id_token = {"acr": "1"}

    response = visitor.get(at_provider(asked["Location"]))

    assert response.status_code == 403
    assert "did not sign you in at the level gold." in response.content.decode()


def test_unknown_level_is_not_passed_on(visitor: Client, provider: IdentityProvider, gold: None) -> None:
    asked = visitor.get("/sign-in/provider/?acr=diamond")

    assert "acr_values" not in asked["Location"]


def test_session_of_a_stranger_lasts_an_hour_and_goes(visitor: Client, provider: IdentityProvider) -> None:
    asked = visitor.get("/sign-in/provider/")
    before = visitor.session.get_expiry_age()
    Session.objects.create(session_key="old", session_data="", expire_date="2020-01-01T00:00:00Z")
    visitor.get(at_provider(asked["Location"]))
    after = visitor.session.get_expiry_age()
    Client().get("/sign-in/provider/")

    assert (before, after) == (3600, 43_200)
    assert not Session.objects.filter(pk="old").exists()
