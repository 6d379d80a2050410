"""Signing in and out on pages: with a password, and through the identity provider."""

from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx2
import pytest
from django.contrib.auth.models import User
from django.test import Client

from processes.access.permissions import roles_of
from processes.models import AuditEvent
from tests.fakes.identity_provider import IdentityProvider

pytestmark = pytest.mark.django_db


def at_provider(address: str) -> str:
    """Sign in at the provider, and give the address it sends the browser back to."""
    answer = httpx2.get(address, trust_env=False)
    parts = urlsplit(answer.headers["Location"])
    return f"{parts.path}?{parts.query}"


def through_provider(visitor: Client, next_page: str = "/sign-in/") -> Any:
    asked = visitor.get("/sign-in/provider/", {"next": next_page})
    return visitor.get(at_provider(asked["Location"]))


@pytest.fixture
def visitor() -> Client:
    return Client()


def test_password_signs_in_and_is_audited(visitor: Client, operator: User) -> None:
    response = visitor.post("/sign-in/?next=/processes/", {"username": "operator", "password": "operator"})

    assert (response.status_code, response["Location"]) == (302, "/processes/")
    assert list(AuditEvent.objects.values_list("actor", "action", "detail")) == [
        ("operator", "sign_in", {"with": "password"})
    ]


def test_next_page_on_another_host_is_ignored(visitor: Client, operator: User) -> None:
    response = visitor.post("/sign-in/?next=//evil.example/", {"username": "operator", "password": "operator"})

    assert response["Location"] == "/"


def test_eleventh_guess_is_told_to_wait_even_when_right(visitor: Client, operator: User) -> None:
    for _ in range(10):
        assert visitor.post("/sign-in/", {"username": "operator", "password": "wrong"}).status_code == 200

    response = visitor.post("/sign-in/", {"username": "OPERATOR", "password": "operator"})

    assert (response.status_code, "Retry-After" in response) == (429, True)
    assert "Too many failed sign-in attempts" in response.content.decode()


def test_guesses_from_elsewhere_lock_nobody_out(visitor: Client, operator: User) -> None:
    for _ in range(11):
        visitor.post("/sign-in/", {"username": "operator", "password": "wrong"}, REMOTE_ADDR="192.0.2.1")

    response = visitor.post("/sign-in/", {"username": "operator", "password": "operator"})

    assert response.status_code == 302


def test_part_of_a_page_is_answered_with_a_redirect_that_htmx_follows(visitor: Client) -> None:
    response = visitor.get("/", HTTP_HX_REQUEST="true", HTTP_HX_CURRENT_URL="http://testserver/processes/?page=2")

    assert response["HX-Redirect"] == "/sign-in/?next=/processes/%3Fpage%3D2"


def test_page_is_answered_with_an_ordinary_redirect(visitor: Client) -> None:
    assert visitor.get("/?a=1")["Location"] == "/sign-in/?next=/%3Fa%3D1"


def test_pages_of_signed_in_people_are_not_stored(visitor: Client, viewer: User) -> None:
    visitor.force_login(viewer, "orchestrator_site.auth.local.LocalBackend")

    response = visitor.get("/api/docs/")

    assert "no-store" in response["Cache-Control"]
    assert "script-src" not in response["Content-Security-Policy"]
    assert "default-src 'self'" in response["Content-Security-Policy"]


def test_provider_is_404_when_there_is_none(visitor: Client) -> None:
    assert visitor.get("/sign-in/provider/").status_code == 404
    assert visitor.get("/sign-in/callback/?code=a&state=b").status_code == 404


def test_provider_signs_in_with_roles_of_both_tokens(visitor: Client, provider: IdentityProvider) -> None:
    provider.id_token = {"groups": ["/viewer", "/staff"]}
    provider.access_token = {"resource_access": {"orchestrator": {"roles": ["modeller"]}}}

    response = through_provider(visitor, "/products/")

    user = User.objects.get()
    assert (response.status_code, response["Location"]) == (302, "/products/")
    assert (user.username, roles_of(user)) == ("ada", frozenset({"viewer", "modeller"}))
    assert AuditEvent.objects.get().detail == {"with": "oidc"}


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


def test_answer_counts_once(visitor: Client, provider: IdentityProvider) -> None:
    back = at_provider(visitor.get("/sign-in/provider/")["Location"])
    visitor.get(back)
    Client().get(back)

    assert visitor.get(back).status_code == 403


def test_broken_provider_is_told_on_the_page(visitor: Client, provider: IdentityProvider) -> None:
    back = at_provider(visitor.get("/sign-in/provider/")["Location"])
    provider.fails_with = 500

    response = visitor.get(back)

    assert (response.status_code, "Unexpected response" in response.content.decode()) == (502, True)


def test_refusal_of_the_provider_is_told_on_the_page(visitor: Client, provider: IdentityProvider) -> None:
    response = visitor.get("/sign-in/callback/?error=access_denied&state=x")

    assert (response.status_code, "did not sign you in" in response.content.decode()) == (403, True)


def test_sign_out_ends_the_session_at_the_provider_too(visitor: Client, provider: IdentityProvider) -> None:
    through_provider(visitor)

    response = visitor.post("/sign-out/")

    query = parse_qs(urlsplit(response["Location"]).query)
    assert response["Location"].startswith(f"{provider.issuer}/protocol/openid-connect/logout?")
    assert query["post_logout_redirect_uri"] == ["http://testserver/sign-in/"]
    assert "_auth_user_id" not in visitor.session


def test_session_is_refreshed_silently_and_htmx_is_told(visitor: Client, provider: IdentityProvider) -> None:
    through_provider(visitor)
    session = visitor.session
    session["oidc_id_token_expiration"] = 0
    session.save()

    part = visitor.get("/", HTTP_HX_REQUEST="true", HTTP_HX_CURRENT_URL="http://testserver/processes/")

    assert "prompt=none" in part["HX-Redirect"]
    assert visitor.session["oidc_login_next"] == "/processes/"
