"""Tokens of the identity provider: checked against its keys, and the roles that they name.

ID tokens by OpenID Connect Core 1.0 section 3.1.3.7, access tokens by RFC 9068 section 4; the claims are Keycloak's.
"""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import jwt
from django.conf import settings

from processes.access.permissions import ROLES

ALGORITHMS = ["RS256", "PS256", "ES256"]
LEEWAY_SECONDS = 30
KEYS_LIFE_SECONDS = 3600
REFETCH_SECONDS = 60


@dataclass(frozen=True)
class Provider:
    """The identity provider: `clients` are those whose access tokens may call us, besides tokens for `audience`."""

    issuer: str
    keys_url: str
    client_id: str
    audience: str
    clients: tuple[str, ...] = ()
    role_prefix: str = ""
    timeout_seconds: int = 5


class TokenRefused(Exception):
    """A token is invalid; the message says why without repeating the token."""


class ProviderSilent(Exception):
    """The identity provider is not responding."""

    retryable = True


class _Keys(jwt.PyJWKClient):
    """The provider's keys, cached; tokens with made-up key ids cause at most one fetch a minute."""

    _fetched_at = -float(REFETCH_SECONDS)

    def get_jwk_set(self, refresh: bool = False) -> jwt.PyJWKSet:
        return super().get_jwk_set(refresh and time.monotonic() - self._fetched_at > REFETCH_SECONDS)

    def fetch_data(self) -> Any:
        self._fetched_at = time.monotonic()
        return super().fetch_data()


@lru_cache(maxsize=8)
def _keys(url: str, timeout_seconds: int) -> _Keys:
    return _Keys(url, cache_jwk_set=True, lifespan=KEYS_LIFE_SECONDS, timeout=timeout_seconds)


def configured() -> Provider | None:
    """The provider that the settings name, or None."""
    if not settings.OIDC_ENABLED:
        return None
    return Provider(
        issuer=settings.OIDC_ISSUER,
        keys_url=settings.OIDC_OP_JWKS_ENDPOINT,
        client_id=settings.OIDC_RP_CLIENT_ID,
        audience=settings.OIDC_AUDIENCE,
        clients=tuple(settings.OIDC_CLIENTS),
        role_prefix=settings.OIDC_ROLE_PREFIX,
        timeout_seconds=settings.OIDC_TIMEOUT,
    )


def id_claims(provider: Provider, token: str, *, nonce: str) -> dict[str, Any]:
    """The claims of an ID token that answers our own request; raises `TokenRefused` or `ProviderSilent`."""
    claims = _claims(provider, token, audience=provider.client_id, required=["exp", "iat", "sub", "nonce"])
    if claims["nonce"] != nonce or not nonce:
        raise TokenRefused("The nonce of the token does not match this sign-in.")
    if claims.get("typ", "ID") != "ID":
        raise TokenRefused("This is not an ID token.")
    audiences = [claims["aud"]] if isinstance(claims["aud"], str) else claims["aud"]
    if set(audiences) != {provider.client_id} or claims.get("azp", provider.client_id) != provider.client_id:
        raise TokenRefused("The token was issued to another client.")
    return claims


def access_claims(provider: Provider, token: str) -> dict[str, Any]:
    """The claims of an access token that may call us; raises `TokenRefused` or `ProviderSilent`."""
    claims = _claims(provider, token, audience=None, required=["exp", "iat", "sub"])
    if claims.get("typ", "Bearer") != "Bearer" or ("nonce" in claims and "typ" not in claims):
        raise TokenRefused("This is not an access token.")
    audience = claims.get("aud", [])
    audiences = {audience} if isinstance(audience, str) else set(audience)
    if provider.audience not in audiences and claims.get("azp") not in provider.clients:
        raise TokenRefused("The token is for another audience.")
    return claims


def _claims(provider: Provider, token: str, *, audience: str | None, required: list[str]) -> dict[str, Any]:
    try:
        key = _keys(provider.keys_url, provider.timeout_seconds).get_signing_key_from_jwt(token)
        return jwt.decode(
            token,
            key,
            algorithms=ALGORITHMS,
            issuer=provider.issuer,
            audience=audience,
            leeway=LEEWAY_SECONDS,
            options={"require": [*required, "iss"], "verify_aud": audience is not None},
        )
    except jwt.PyJWKClientConnectionError as error:
        raise ProviderSilent("The identity provider is not responding.") from error
    except jwt.PyJWTError as error:
        raise TokenRefused(f"Invalid token: {error}.") from error


def roles_in(provider: Provider, claims: Mapping[str, Any]) -> frozenset[str]:
    """Our roles among the realm's roles, the client's roles and the groups of the claims; unknown ones are ignored."""
    access = claims.get("resource_access")
    client = access.get(provider.client_id) if isinstance(access, dict) else None
    lists = [_roles(claims.get("realm_access")), _roles(client), claims.get("groups")]
    names = {str(name).lstrip("/") for listed in lists if isinstance(listed, list) for name in listed}
    return frozenset(
        name.removeprefix(provider.role_prefix) for name in names if name.startswith(provider.role_prefix)
    ) & frozenset(ROLES)


def _roles(access: Any) -> Any:
    return access.get("roles") if isinstance(access, dict) else None
