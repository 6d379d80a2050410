"""An identity provider, and a site that is set up for it."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import httpx2
import pytest
from django.test import Client
from pytest_django import Settings

from orchestrator_site.auth.provider import discovery
from orchestrator_site.auth.provider.configuration import configured
from orchestrator_site.auth.provider.keys import keys_of
from tests.fakes import identity_provider
from tests.fakes.identity_provider import CLIENT_ID, CLIENT_SECRET, IdentityProvider


@pytest.fixture
def provider(settings: Settings) -> Iterator[IdentityProvider]:
    discovery._documents.clear()
    with identity_provider.running() as running:
        settings.OIDC_ENABLED = True
        settings.OIDC_ISSUER = running.issuer
        settings.OIDC_RP_CLIENT_ID = settings.OIDC_AUDIENCE = CLIENT_ID
        settings.OIDC_CLIENTS = [CLIENT_ID]
        settings.OIDC_RP_CLIENT_SECRET = CLIENT_SECRET
        settings.AUTHENTICATION_BACKENDS = [
            "orchestrator_site.auth.oidc.KeycloakBackend",
            "orchestrator_site.auth.local.LocalBackend",
        ]
        yield running


def at_provider(address: str) -> str:
    """Sign in at the provider, and give the address it sends the browser back to."""
    answer = httpx2.get(address, trust_env=False, verify=False)
    parts = urlsplit(answer.headers["Location"])
    return f"{parts.path}?{parts.query}"


def through_provider(visitor: Client, next_page: str = "/sign-in/") -> Any:
    asked = visitor.get("/sign-in/provider/", {"next": next_page})
    return visitor.get(at_provider(asked["Location"]))


@pytest.fixture
def visitor() -> Client:
    return Client()


def age_keys(seconds: float) -> None:
    """Let the keys of the provider be older than they are."""
    provider = configured()
    assert provider is not None
    keys = keys_of(provider)
    keys._read_at -= seconds
    keys._tried_at -= seconds
