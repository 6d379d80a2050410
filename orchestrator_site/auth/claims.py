"""What a provider says of a person, put together from its tokens; the ID token has the last word."""

from typing import Any

import requests
from django.conf import settings

from orchestrator_site.auth.provider import calls, discovery, tokens
from orchestrator_site.auth.provider.configuration import Endpoint, Provider
from orchestrator_site.auth.provider.errors import TokenRefused
from orchestrator_site.auth.provider.grants import Tokens


def claims_of_sign_in(provider: Provider, given: Tokens, *, nonce: str) -> dict[str, Any]:
    """The claims of somebody who signs in; raises `TokenRefused` or `ProviderSilent`."""
    if not given.id_token:
        raise TokenRefused("The identity provider sent no ID token.")
    return _completed(provider, given, tokens.id_claims(provider, given.id_token, nonce=nonce))


def claims_of_renewal(provider: Provider, given: Tokens, *, subject: str) -> dict[str, Any]:
    """The claims of somebody whose session was renewed; raises `TokenRefused` or `ProviderSilent`."""
    if given.id_token:
        return _completed(provider, given, tokens.renewed_id_claims(provider, given.id_token, subject=subject))
    claims = tokens.access_claims(provider, given.access_token)
    if claims["sub"] != subject:
        raise TokenRefused("The token is of another person.")
    return _completed(provider, given, claims)


def _completed(provider: Provider, given: Tokens, claims: dict[str, Any]) -> dict[str, Any]:
    """The claims with what the access token and, where the site asks for it, UserInfo say beside them."""
    return {**_user_info(provider, given, claims["sub"]), **_access(provider, given, claims["sub"]), **claims}


def _access(provider: Provider, given: Tokens, subject: str) -> dict[str, Any]:
    """The claims of the access token, where Keycloak puts the roles, when it is one of ours and of the same person."""
    try:
        claims = tokens.access_claims(provider, given.access_token)
    except TokenRefused:
        return {}
    return claims if claims["sub"] == subject else {}


def _user_info(provider: Provider, given: Tokens, subject: str) -> dict[str, Any]:
    """What UserInfo says (OpenID Connect Core 1.0 section 5.3); nothing unless `OIDC_USERINFO` is set.

    Raises `TokenRefused` when it speaks of somebody else.
    """
    if not settings.OIDC_USERINFO or not given.access_token:
        return {}
    reply = calls.get(discovery.endpoint(provider, Endpoint.USER), bearer=given.access_token)
    if reply.status != requests.codes.ok or not isinstance(reply.value, dict):
        return {}
    if reply.value.get("sub") != subject:
        raise TokenRefused("UserInfo is of another person.")
    return reply.value
