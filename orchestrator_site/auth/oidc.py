"""Sign-in through an OpenID provider: mozilla-django-oidc with its gaps closed, as docs/adr/0006 tells."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import User
from django.http import HttpRequest
from mozilla_django_oidc.auth import OIDCAuthenticationBackend

from orchestrator_site.auth import identities
from orchestrator_site.auth.claims import claims_of_sign_in
from orchestrator_site.auth.people import KnownWithGroups
from orchestrator_site.auth.provider import grants
from orchestrator_site.auth.provider.configuration import Provider, configured
from orchestrator_site.auth.provider.errors import TokenRefused
from orchestrator_site.models import Identity

BACKEND = "orchestrator_site.auth.oidc.KeycloakBackend"


@dataclass(frozen=True)
class SignedIn:
    """Somebody whom the provider has just named, by which tokens and claims."""

    identity: Identity
    tokens: grants.Tokens
    claims: Mapping[str, Any]


class KeycloakBackend(KnownWithGroups, OIDCAuthenticationBackend):
    """Checks issuer, audience, key, life and nonce of the token; knows people by issuer and subject.

    Leaves a `SignedIn` on the request. Raises `TokenRefused`, `GrantRefused` and `ProviderSilent`; the callback page
    tells the person.
    """

    _tokens = grants.Tokens()

    def authenticate(
        self, request: HttpRequest | None, username: str | None = None, password: str | None = None, **kwargs: Any
    ) -> User | None:
        """Answer the callback page, which alone brings a nonce: any address may have a code and a state in it."""
        if "nonce" not in kwargs:
            return None
        user: User | None = super().authenticate(request, **kwargs)
        return user

    def get_token(self, payload: dict[str, Any]) -> dict[str, str]:
        self._tokens = grants.code(_provider(), payload)
        return {"id_token": self._tokens.id_token, "access_token": self._tokens.access_token}

    def verify_token(self, token: str | None, **kwargs: Any) -> dict[str, Any]:
        return claims_of_sign_in(_provider(), self._tokens, nonce=str(kwargs.get("nonce") or ""))

    def store_tokens(self, access_token: str, id_token: str) -> None:
        """Do nothing: what is kept of the tokens is kept encrypted, beside the session (`vouching.begin`)."""

    def get_or_create_user(self, access_token: str | None, id_token: str, payload: dict[str, Any]) -> User:
        identity = identities.signed_in(_provider(), payload)
        self.request.signed_in = SignedIn(identity, self._tokens, payload)
        return identity.user


def _provider() -> Provider:
    provider = configured()
    if provider is None:
        raise TokenRefused("This site has no identity provider.")
    return provider
