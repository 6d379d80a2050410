"""Who calls the REST interface: bearers of access tokens that were meant for us, and sessions that are vouched for."""

import random
import time
from collections.abc import Callable
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from django.contrib.auth.models import Group, User
from rest_framework.test import APIClient

from tests.answers import NO_CREDENTIALS, problem
from tests.fakes.bad_tokens import BAD_ACCESS_TOKENS
from tests.fakes.identity_provider import IdentityProvider
from tests.orchestrator_site.auth.conftest import age_keys

pytestmark = pytest.mark.django_db
ROLES = {"realm_access": {"roles": ["operator", "offline_access"]}}


def call(api: Callable[..., APIClient], token: str) -> Any:
    """The list of processes, which is empty."""
    return api().get("/api/processes/", HTTP_AUTHORIZATION=f"Bearer {token}")


def test_token_of_an_operator_is_let_in(api: Callable[..., APIClient], provider: IdentityProvider) -> None:
    response = call(api, provider.access(**ROLES))

    user = User.objects.get()
    assert response.status_code == 200
    assert (user.username, user.has_usable_password()) == ("ada", False)


@pytest.mark.parametrize("name", sorted(BAD_ACCESS_TOKENS))
def test_bad_token_is_refused_for_its_reason(
    api: Callable[..., APIClient], provider: IdentityProvider, name: str
) -> None:
    make, reason = BAD_ACCESS_TOKENS[name]

    response = call(api, make(provider))

    assert problem(response) == (401, reason)
    assert response["WWW-Authenticate"].startswith('Bearer realm="api", error="invalid_token", error_description="')
    assert User.objects.count() == 0


@pytest.mark.parametrize("algorithm", ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512"])
def test_every_rsa_algorithm_is_accepted(
    api: Callable[..., APIClient], provider: IdentityProvider, algorithm: str
) -> None:
    provider.algorithm = algorithm

    assert call(api, provider.access(**ROLES)).json() == []


@pytest.mark.parametrize(
    ("algorithm", "curve"), [("ES256", ec.SECP256R1()), ("ES384", ec.SECP384R1()), ("ES512", ec.SECP521R1())]
)
def test_every_curve_is_accepted(
    api: Callable[..., APIClient], provider: IdentityProvider, algorithm: str, curve: ec.EllipticCurve
) -> None:
    provider.algorithm, provider.key = algorithm, ec.generate_private_key(curve)

    assert call(api, provider.access(**ROLES)).json() == []


def test_token_for_our_audience_from_another_client_is_let_in(
    api: Callable[..., APIClient], provider: IdentityProvider
) -> None:
    response = call(api, provider.access(**ROLES, azp="billing", aud=["account", "orchestrator"]))

    assert (response.status_code, response.json()) == (200, [])


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


def test_nobody_is_told_every_way_to_sign_in(api: Callable[..., APIClient], provider: IdentityProvider) -> None:
    """K12."""
    assert api().get("/api/processes/")["WWW-Authenticate"] == 'Token, Bearer realm="api"'


def test_key_that_was_removed_counts_no_longer_than_minutes(
    api: Callable[..., APIClient], provider: IdentityProvider
) -> None:
    """K8."""
    old = provider.access(**ROLES, exp=int(time.time()) + 7200)
    call(api, old)
    provider.rotate_keys()
    age_keys(301)

    assert problem(call(api, old)) == (401, "Invalid token: it was signed with an unknown key.")
    assert call(api, provider.access(**ROLES)).status_code == 200


def test_new_key_is_accepted_at_once(api: Callable[..., APIClient], provider: IdentityProvider) -> None:
    call(api, provider.access(**ROLES))
    provider.rotate_keys()

    assert call(api, provider.access(**ROLES)).json() == []


def test_two_people_with_two_tokens_each_never_get_the_rights_of_another(
    api: Callable[..., APIClient], provider: IdentityProvider
) -> None:
    """K1: the same 400 calls in random order, by four tokens of two people."""
    expected = {
        provider.access(sub=sub, preferred_username=sub, realm_access={"roles": roles}): 200 if roles else 403
        for sub in ("ada", "bob")
        for roles in (["operator"], [])
    }
    calls = random.Random(8).sample([*expected] * 100, 400)

    leaks = [token for token in calls if call(api, token).status_code != expected[token]]

    assert (leaks, Group.objects.filter(user__isnull=False).count()) == ([], 0)
