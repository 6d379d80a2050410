"""What a provider says of a person comes from its tokens, and from UserInfo where the site asks for that."""

from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from pytest_django import Settings

from orchestrator_site.auth.claims import claims_of_renewal
from orchestrator_site.auth.provider.configuration import configured
from orchestrator_site.auth.provider.errors import TokenRefused
from orchestrator_site.auth.provider.grants import Tokens
from processes.access.permissions import roles_of
from tests.fakes.identity_provider import IdentityProvider
from tests.orchestrator_site.auth.conftest import through_provider


def renewed(provider: IdentityProvider, given: Tokens) -> dict[str, Any]:
    configuration = configured()
    assert configuration is not None
    return claims_of_renewal(configuration, given, subject="4711")


@pytest.mark.django_db
def test_access_token_of_another_person_gives_nothing(visitor: Client, provider: IdentityProvider) -> None:
    provider.access_token = {"sub": "815", "realm_access": {"roles": ["admin"]}}

    through_provider(visitor)

    assert roles_of(User.objects.get()) == frozenset()


@pytest.mark.django_db
def test_user_info_counts_where_the_site_asks_for_it(
    visitor: Client, provider: IdentityProvider, settings: Settings
) -> None:
    provider.user_info = {"sub": "4711", "groups": ["viewer"]}
    through_provider(visitor)
    before = roles_of(User.objects.get())
    settings.OIDC_USERINFO = True

    through_provider(visitor)

    assert (before, roles_of(User.objects.get())) == (frozenset(), frozenset({"viewer"}))


@pytest.mark.django_db
def test_user_info_of_somebody_else_signs_nobody_in(
    visitor: Client, provider: IdentityProvider, settings: Settings
) -> None:
    settings.OIDC_USERINFO = True
    provider.user_info = {"sub": "815", "groups": ["admin"]}

    response = through_provider(visitor)

    assert (response.status_code, User.objects.count()) == (403, 0)


def test_renewal_without_an_id_token_goes_by_the_access_token(provider: IdentityProvider) -> None:
    given = Tokens(access_token=provider.access(groups=["viewer"]))

    assert renewed(provider, given)["groups"] == ["viewer"]


@pytest.mark.parametrize("which", ["id_token", "access_token"])
def test_renewal_that_speaks_of_somebody_else_is_refused(provider: IdentityProvider, which: str) -> None:
    tokens = {
        "id_token": provider.sign({"aud": "orchestrator", "sub": "815"}),
        "access_token": provider.access(sub="815"),
    }

    with pytest.raises(TokenRefused, match="of another person"):
        renewed(provider, Tokens(**{which: tokens[which]}))
