"""An identity provider, and a site that is set up for it."""

from collections.abc import Iterator

import pytest
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
