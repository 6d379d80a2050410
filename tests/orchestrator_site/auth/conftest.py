"""An identity provider, and a site that is set up for it."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import httpx2
import pytest
from django.test import Client
from pytest_django import Settings

from tests.fakes import identity_provider
from tests.fakes.identity_provider import CLIENT_ID, CLIENT_SECRET, IdentityProvider


@pytest.fixture
def provider(settings: Settings) -> Iterator[IdentityProvider]:
    with identity_provider.running() as running:
        endpoints = f"{running.issuer}/protocol/openid-connect"
        settings.OIDC_ENABLED = True
        settings.OIDC_ISSUER = running.issuer
        settings.OIDC_RP_CLIENT_ID = settings.OIDC_AUDIENCE = CLIENT_ID
        settings.OIDC_CLIENTS = [CLIENT_ID]
        settings.OIDC_RP_CLIENT_SECRET = CLIENT_SECRET
        settings.OIDC_OP_AUTHORIZATION_ENDPOINT = f"{endpoints}/auth"
        settings.OIDC_OP_TOKEN_ENDPOINT = f"{endpoints}/token"
        settings.OIDC_OP_USER_ENDPOINT = f"{endpoints}/userinfo"
        settings.OIDC_OP_JWKS_ENDPOINT = f"{endpoints}/certs"
        settings.OIDC_OP_LOGOUT_ENDPOINT = f"{endpoints}/logout"
        settings.AUTHENTICATION_BACKENDS = [
            "orchestrator_site.auth.oidc.KeycloakBackend",
            "orchestrator_site.auth.local.LocalBackend",
        ]
        yield running


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
