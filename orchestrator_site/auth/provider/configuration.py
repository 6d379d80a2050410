"""The identity provider that the settings name, as one value."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from urllib.parse import urlsplit

from django.conf import settings

LOOPBACK = {"localhost", "127.0.0.1", "::1"}


class Endpoint(StrEnum):
    """Where a provider is called, by the names of its description (OpenID Connect Discovery 1.0 section 3)."""

    AUTHORIZATION = "authorization_endpoint"
    TOKEN = "token_endpoint"  # noqa: S105 - no secret
    USER = "userinfo_endpoint"
    KEYS = "jwks_uri"
    LOGOUT = "end_session_endpoint"


SETTINGS: Mapping[Endpoint, str] = {
    Endpoint.AUTHORIZATION: "OIDC_OP_AUTHORIZATION_ENDPOINT",
    Endpoint.TOKEN: "OIDC_OP_TOKEN_ENDPOINT",
    Endpoint.USER: "OIDC_OP_USER_ENDPOINT",
    Endpoint.KEYS: "OIDC_OP_JWKS_ENDPOINT",
    Endpoint.LOGOUT: "OIDC_OP_LOGOUT_ENDPOINT",
}


@dataclass(frozen=True)
class Provider:
    """The identity provider: `clients` are those whose access tokens may call us, besides tokens for `audience`.

    `endpoints` are those that the settings name; the others are read from the provider's description.
    """

    issuer: str
    client_id: str
    audience: str
    client_secret: str = field(default="", repr=False)
    clients: tuple[str, ...] = ()
    role_prefix: str = ""
    endpoints: tuple[tuple[Endpoint, str], ...] = ()


def configured() -> Provider | None:
    """The provider that the settings name, or None."""
    if not settings.OIDC_ENABLED:
        return None
    return Provider(
        issuer=settings.OIDC_ISSUER,
        client_id=settings.OIDC_RP_CLIENT_ID,
        client_secret=settings.OIDC_RP_CLIENT_SECRET,
        audience=settings.OIDC_AUDIENCE,
        clients=tuple(settings.OIDC_CLIENTS),
        role_prefix=settings.OIDC_ROLE_PREFIX,
        endpoints=tuple((which, address) for which, name in SETTINGS.items() if (address := getattr(settings, name))),
    )


def is_confidential(address: str) -> bool:
    """Whether what is sent there cannot be read on the way: https, or this machine."""
    parts = urlsplit(address)
    return parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in LOOPBACK)
