"""Where the provider is called: as the settings say, or as its own description does (OpenID Connect Discovery 1.0)."""

import time
from typing import Any

from orchestrator_site.auth.provider import calls
from orchestrator_site.auth.provider.configuration import Endpoint, Provider, is_confidential
from orchestrator_site.auth.provider.errors import ProviderSilent

LIFE_SECONDS = 3600
RETRY_SECONDS = 30
_documents: dict[str, tuple[float, dict[str, Any]]] = {}


def endpoint(provider: Provider, which: Endpoint) -> str:
    """The address of an endpoint, empty when the provider has none such; raises `ProviderSilent`."""
    named = dict(provider.endpoints).get(which)
    if named is not None:
        return named
    address = str(description(provider).get(which) or "")
    if address and not is_confidential(address):
        raise ProviderSilent(f"The identity provider describes its {which} without https.")
    return address


def description(provider: Provider) -> dict[str, Any]:
    """The provider's own description, read once an hour; while it does not answer an old one is used."""
    read_at, document = _documents.get(provider.issuer, (0.0, None))
    if document is not None and time.monotonic() - read_at < LIFE_SECONDS:
        return document
    try:
        fresh = calls.get_object(f"{provider.issuer.rstrip('/')}/.well-known/openid-configuration")
    except ProviderSilent:
        if document is None:
            raise
        _documents[provider.issuer] = (time.monotonic() - LIFE_SECONDS + RETRY_SECONDS, document)
        return document
    if fresh.get("issuer") != provider.issuer:
        raise ProviderSilent("The identity provider gives itself another name than OIDC_ISSUER.")
    _documents[provider.issuer] = (time.monotonic(), fresh)
    return fresh
