"""An access token of Keycloak opens the REST interface only when it was meant for us."""

from collections.abc import Callable
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from django.contrib.auth.models import User
from rest_framework.test import APIClient

from tests.answers import NO_CREDENTIALS, problem
from tests.fakes.identity_provider import IdentityProvider

pytestmark = pytest.mark.django_db
ROLES = {"realm_access": {"roles": ["operator", "offline_access"]}}
ONE_TOKEN = 'The Authorization header must be "Bearer" and one token.'
OTHER_KEY = rsa.generate_private_key(65537, 2048)


def call(api: Callable[..., APIClient], token: str) -> Any:
    return api().get("/api/schema/", HTTP_AUTHORIZATION=f"Bearer {token}", HTTP_ACCEPT="application/json")


def test_token_of_an_operator_is_let_in(api: Callable[..., APIClient], provider: IdentityProvider) -> None:
    response = call(api, provider.access(**ROLES))

    user = User.objects.get()
    assert response.status_code == 200
    assert (user.username, user.has_usable_password()) == ("ada", False)


@pytest.mark.parametrize(
    "claims",
    [
        {"iss": "https://elsewhere.example/realms/network"},
        {"exp": 1},
        {"exp": None},
        {"sub": None},
        {"nbf": 4_000_000_000},
        {"azp": "another-client"},
        {"azp": None},
        {"typ": "ID"},
        {"typ": "Refresh"},
        {"typ": None, "nonce": "id-tokens-have-one"},
    ],
    ids=str,
)
def test_wrong_claims_are_refused(
    api: Callable[..., APIClient], provider: IdentityProvider, claims: dict[str, Any]
) -> None:
    response = call(api, provider.access(**ROLES, **claims))

    assert (response.status_code, User.objects.count()) == (401, 0)


def test_token_for_our_audience_from_another_client_is_let_in(
    api: Callable[..., APIClient], provider: IdentityProvider
) -> None:
    response = call(api, provider.access(**ROLES, azp="billing", aud=["account", "orchestrator"]))

    assert (response.status_code, response.json()["info"]["title"]) == (200, "Orchestrator")


@pytest.mark.parametrize(
    ("token", "reason"),
    [
        ("", ONE_TOKEN),
        ("nonsense", "Invalid token: Not enough segments."),
        ("a.b.c", "Invalid token: Invalid header padding."),
        ("a b", ONE_TOKEN),
    ],
)
def test_nonsense_is_refused(
    api: Callable[..., APIClient], provider: IdentityProvider, token: str, reason: str
) -> None:
    assert problem(call(api, token)) == (401, reason)


def test_token_signed_by_somebody_else_is_refused(api: Callable[..., APIClient], provider: IdentityProvider) -> None:
    forged = provider.sign({"typ": "Bearer", "azp": "orchestrator", **ROLES}, key=OTHER_KEY)

    assert problem(call(api, forged)) == (401, "Invalid token: Signature verification failed.")


def test_unknown_keys_are_fetched_once_a_minute_at_most(
    api: Callable[..., APIClient], provider: IdentityProvider
) -> None:
    for number in range(5):
        call(api, provider.sign({"typ": "Bearer", **ROLES}, kid=f"made-up-{number}"))

    assert provider.requests["certs"] <= 2


def test_silent_provider_is_503(api: Callable[..., APIClient], provider: IdentityProvider) -> None:
    provider.fails_with = 500

    assert problem(call(api, provider.access(**ROLES))) == (503, "The identity provider is not responding.")


def test_disabled_user_is_refused(api: Callable[..., APIClient], provider: IdentityProvider) -> None:
    call(api, provider.access(**ROLES))
    User.objects.update(is_active=False)

    assert problem(call(api, provider.access(**ROLES))) == (401, "This account is disabled.")


def test_bearer_means_nothing_without_a_provider(api: Callable[..., APIClient]) -> None:
    assert problem(call(api, "a.b.c")) == NO_CREDENTIALS
