"""Endpoints: named in the settings, or described by the provider."""

import pytest
from pytest_django import Settings

from orchestrator_site.auth.provider import discovery
from orchestrator_site.auth.provider.configuration import Endpoint, Provider, configured
from orchestrator_site.auth.provider.errors import ProviderSilent
from tests.fakes.identity_provider import IdentityProvider


def provider_of_settings() -> Provider:
    provider = configured()
    assert provider is not None
    return provider


def test_endpoints_are_those_of_the_description_read_once(provider: IdentityProvider) -> None:
    configuration = provider_of_settings()

    found = [discovery.endpoint(configuration, which) for which in Endpoint]

    words = ("auth", "token", "userinfo", "certs", "logout")
    assert found == [f"{provider.issuer}/protocol/openid-connect/{word}" for word in words]
    assert provider.requests["openid-configuration"] == 1


def test_named_endpoint_needs_no_description(provider: IdentityProvider, settings: Settings) -> None:
    settings.OIDC_OP_TOKEN_ENDPOINT = "https://elsewhere.example/token"

    assert discovery.endpoint(provider_of_settings(), Endpoint.TOKEN) == "https://elsewhere.example/token"
    assert provider.requests == {}


def test_description_of_another_issuer_is_refused(provider: IdentityProvider, settings: Settings) -> None:
    settings.OIDC_ISSUER = f"{provider.address}/realms/other"

    with pytest.raises(ProviderSilent, match="another name than OIDC_ISSUER"):
        discovery.endpoint(provider_of_settings(), Endpoint.TOKEN)


def test_endpoint_in_clear_is_refused(provider: IdentityProvider) -> None:
    provider.described["token_endpoint"] = "http://id.example.org/token"

    with pytest.raises(ProviderSilent, match="without https"):
        discovery.endpoint(provider_of_settings(), Endpoint.TOKEN)


def test_silent_provider_leaves_the_last_description_and_is_asked_now_and_then(provider: IdentityProvider) -> None:
    discovery.endpoint(provider_of_settings(), Endpoint.TOKEN)
    read_at, document = discovery._documents[provider.issuer]
    discovery._documents[provider.issuer] = (read_at - discovery.LIFE_SECONDS, document)
    provider.fails_with = 503

    assert discovery.endpoint(provider_of_settings(), Endpoint.TOKEN).endswith("/token")
    assert discovery.endpoint(provider_of_settings(), Endpoint.KEYS).endswith("/certs")
    assert provider.requests["openid-configuration"] == 2
