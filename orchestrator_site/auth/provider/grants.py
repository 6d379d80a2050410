"""The token endpoint: a code, a refresh token or our own name for tokens (OAuth 2.0, RFC 6749)."""

import logging
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import requests

from orchestrator_site.auth.provider import calls, discovery
from orchestrator_site.auth.provider.configuration import Endpoint, Provider
from orchestrator_site.auth.provider.errors import GrantRefused, ProviderSilent

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Tokens:
    """What the provider gave, unchecked; empty where it gave none."""

    id_token: str = field(default="", repr=False)
    access_token: str = field(default="", repr=False)
    refresh_token: str = field(default="", repr=False)


def code(provider: Provider, fields: Mapping[str, Any]) -> Tokens:
    """Tokens for the code of a sign-in; raises `GrantRefused` or `ProviderSilent`."""
    return _asked(provider, {name: str(value) for name, value in fields.items()})


def refreshed(provider: Provider, refresh_token: str) -> Tokens:
    """New tokens of a session, the new refresh token among them; raises `GrantRefused` or `ProviderSilent`."""
    tokens = _asked(provider, {"grant_type": "refresh_token", "refresh_token": refresh_token, **_client(provider)})
    return Tokens(tokens.id_token, tokens.access_token, tokens.refresh_token or refresh_token)


def own(provider: Provider) -> Tokens:
    """Tokens of our own client (client credentials); raises `GrantRefused` or `ProviderSilent`."""
    return _asked(provider, {"grant_type": "client_credentials", **_client(provider)})


def _client(provider: Provider) -> dict[str, str]:
    return {"client_id": provider.client_id, "client_secret": provider.client_secret}


def _asked(provider: Provider, fields: Mapping[str, str]) -> Tokens:
    reply = calls.post(discovery.endpoint(provider, Endpoint.TOKEN), fields)
    value = reply.value if isinstance(reply.value, dict) else {}
    if reply.status == requests.codes.ok:
        return Tokens(*(str(value.get(name) or "") for name in ("id_token", "access_token", "refresh_token")))
    if value.get("error") == "invalid_grant":
        raise GrantRefused
    # Neither the person nor the session is at fault: an unknown client, a wrong secret, a grant that is not allowed.
    logger.error("The identity provider refuses this site: status %s, %.100s", reply.status, value.get("error"))
    raise ProviderSilent("The identity provider refuses this site. Its log and ours have details.")
