"""Tokens of the identity provider, checked: nothing of a token is believed before a function here has answered.

ID tokens by OpenID Connect Core 1.0 section 3.1.3.7 (12.2 for those of a renewal), access tokens by RFC 9068 section 4,
logout tokens by OpenID Connect Back-Channel Logout 1.0 section 2.6.
"""

import time
from collections.abc import Collection
from typing import Any

import jwt
from django.conf import settings

from orchestrator_site.auth.provider.configuration import Provider
from orchestrator_site.auth.provider.errors import TokenRefused
from orchestrator_site.auth.provider.keys import ALGORITHMS, keys_of
from processes.engine.values.text import is_storable

LEEWAY_SECONDS = 30
LOGOUT_LIFE_SECONDS = 300
LONGEST_TOKEN = 100_000  # characters
LONGEST_SUBJECT = 255
ACCESS_HEADERS = {"", "jwt", "at+jwt"}
LOGOUT_HEADERS = {"", "jwt", "logout+jwt"}
ONLY_IN_ID_TOKENS = {"nonce", "at_hash", "c_hash", "s_hash"}
LOGOUT_EVENT = "http://schemas.openid.net/event/backchannel-logout"


def id_claims(provider: Provider, token: str, *, nonce: str) -> dict[str, Any]:
    """The claims of an ID token that answers our own request; raises `TokenRefused` or `ProviderSilent`."""
    claims = _own_claims(provider, token, required=["exp", "iat", "sub", "nonce"])
    if claims["nonce"] != nonce or not nonce:
        raise TokenRefused("The nonce of the token does not match this sign-in.")
    return claims


def renewed_id_claims(provider: Provider, token: str, *, subject: str) -> dict[str, Any]:
    """The claims of an ID token that came with a renewal, of the same person; it need not repeat the nonce."""
    claims = _own_claims(provider, token, required=["exp", "iat", "sub"])
    if claims["sub"] != subject:
        raise TokenRefused("The token is of another person.")
    return claims


def _own_claims(provider: Provider, token: str, *, required: list[str]) -> dict[str, Any]:
    header, claims = _checked(provider, token, required=required)
    if claims.get("typ", "ID") != "ID" or _type(header) not in {"", "jwt"} or "events" in claims:
        raise TokenRefused("This is not an ID token.")
    if _audiences(claims) != {provider.client_id} or claims.get("azp", provider.client_id) != provider.client_id:
        raise TokenRefused("The token was issued to another client.")
    return claims


def access_claims(provider: Provider, token: str) -> dict[str, Any]:
    """The claims of an access token that may call us; raises `TokenRefused` or `ProviderSilent`."""
    header, claims = _checked(provider, token, required=["exp", "iat", "sub"])
    unnamed = "typ" not in claims and _type(header) != "at+jwt"
    if (
        claims.get("typ", "Bearer") != "Bearer"
        or _type(header) not in ACCESS_HEADERS
        or "events" in claims
        or (unnamed and ONLY_IN_ID_TOKENS & claims.keys())
    ):
        raise TokenRefused("This is not an access token.")
    if provider.audience not in _audiences(claims) and claims.get("azp") not in provider.clients:
        raise TokenRefused("The token is for another audience.")
    if "cnf" in claims:
        raise TokenRefused("The token is bound to a key that was not shown.")
    if issued_at(claims) < time.time() - settings.OIDC_BEARER_SECONDS - LEEWAY_SECONDS:
        raise TokenRefused("The token is too old; get a new one.")
    return claims


def logout_claims(provider: Provider, token: str) -> dict[str, Any]:
    """The claims of a logout token for us, with `sub` or `sid` or both; whether it is new is not looked at."""
    header, claims = _checked(provider, token, required=["iat", "jti"], subject=False)
    events = claims.get("events")
    if (
        _type(header) not in LOGOUT_HEADERS
        or claims.get("typ", "Logout") != "Logout"
        or not isinstance(events, dict)
        or not isinstance(events.get(LOGOUT_EVENT), dict)
    ):
        raise TokenRefused("This is not a logout token.")
    if "nonce" in claims:
        raise TokenRefused("A logout token must not have a nonce.")
    if _audiences(claims) != {provider.client_id}:
        raise TokenRefused("The token was issued to another client.")
    if not (claims.get("sub") or claims.get("sid")):
        raise TokenRefused("The token names neither a person nor a session.")
    if issued_at(claims) < time.time() - LOGOUT_LIFE_SECONDS - LEEWAY_SECONDS:
        raise TokenRefused("The token is too old.")
    return claims


def issued_at(claims: dict[str, Any]) -> int:
    """When a checked token was issued, in seconds; some write that as a text."""
    return int(claims["iat"])


def _checked(
    provider: Provider, token: str, *, required: Collection[str], subject: bool = True
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Header and claims of a token that this provider signed and that is valid now."""
    if len(token) > LONGEST_TOKEN:
        raise TokenRefused("Invalid token: it is too long.")
    try:
        header = jwt.get_unverified_header(token)
        algorithm = header.get("alg")
        if not isinstance(algorithm, str) or algorithm not in ALGORITHMS:
            raise TokenRefused("Invalid token: its algorithm is not accepted.")
        key = keys_of(provider).find(header.get("kid") or "", algorithm)
        claims = jwt.decode(
            token,
            key.key,
            algorithms=[algorithm],
            issuer=provider.issuer,
            leeway=LEEWAY_SECONDS,
            options={"require": [*required, "iss"], "verify_aud": False},
        )
    except (jwt.PyJWTError, OverflowError, RecursionError, TypeError, UnicodeError) as error:
        raise TokenRefused(f"Invalid token: {_text(error)}.") from error
    _check_texts(claims, needed=subject)
    return header, claims


def _text(error: Exception) -> str:
    return str(error).rstrip(".") if isinstance(error, jwt.PyJWTError) else "it cannot be read"


def _check_texts(claims: dict[str, Any], *, needed: bool) -> None:
    """Refuse names of people and sessions that are no texts, or none that a table takes."""
    for name in ("sub", "sid", "jti"):
        value = claims.get(name)
        if value is None and not (needed and name == "sub"):
            continue
        if not isinstance(value, str) or not value or len(value) > LONGEST_SUBJECT or not is_storable(value):
            raise TokenRefused(f"Invalid token: its claim {name} is not a usable name.")


def _type(header: dict[str, Any]) -> str:
    """The type in the header of a token, in small letters and without its prefix (RFC 7515 section 4.1.9)."""
    return str(header.get("typ") or "").lower().removeprefix("application/")


def _audiences(claims: dict[str, Any]) -> set[str]:
    audience = claims.get("aud", [])
    listed = [audience] if isinstance(audience, str) else audience
    if not isinstance(listed, list) or not all(isinstance(name, str) for name in listed):
        raise TokenRefused("Invalid token: its audience is not a list of names.")
    return set(listed)
