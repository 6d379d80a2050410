"""Signing in and out through the identity provider."""

from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.contrib.auth.models import User
from django.test import Client

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


def test_sign_out_ends_the_session_at_the_provider_too(visitor: Client, provider: IdentityProvider) -> None:
    through_provider(visitor)

    response = visitor.post("/sign-out/")

    query = parse_qs(urlsplit(response["Location"]).query)
    assert response["Location"].startswith(f"{provider.issuer}/protocol/openid-connect/logout?")
    assert query["post_logout_redirect_uri"] == ["http://testserver/sign-in/"]
    assert "_auth_user_id" not in visitor.session
