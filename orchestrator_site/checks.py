"""What `manage.py check` says about sign-in settings, so that a mistake shows before somebody tries to sign in."""

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlsplit

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register

LOOPBACK = {"localhost", "127.0.0.1", "::1"}


@register(Tags.security)
def identity_provider(app_configs: Sequence[AppConfig] | None, **_: Any) -> list[CheckMessage]:  # noqa: ARG001
    """Errors for a provider that is half configured, or spoken to in clear beyond this machine."""
    if not settings.OIDC_ENABLED:
        return []
    found: list[CheckMessage] = []
    if not settings.OIDC_RP_CLIENT_ID or not settings.OIDC_RP_CLIENT_SECRET:
        hint = "Set OIDC_CLIENT_ID and OIDC_CLIENT_SECRET, or unset OIDC_ISSUER."
        found.append(Error("OIDC_ISSUER is set, but the client is not.", hint, id="site.E001"))
    for name in ("OIDC_ISSUER", "OIDC_OP_TOKEN_ENDPOINT", "OIDC_OP_JWKS_ENDPOINT"):
        if not _is_safe(str(getattr(settings, name))):
            hint = "Use https; plain http is allowed on loopback only."
            found.append(Error(f"{name} is called over unencrypted http.", hint, id="site.E002"))
    return found


@register(Tags.security, deploy=True)
def hosts(app_configs: Sequence[AppConfig] | None, **_: Any) -> list[CheckMessage]:  # noqa: ARG001
    """An error for a site that answers to any name."""
    if "*" in settings.ALLOWED_HOSTS:
        return [Error("ALLOWED_HOSTS allows any host.", "List the host names of this site.", id="site.E003")]
    return []


def _is_safe(address: str) -> bool:
    parts = urlsplit(address)
    return parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in LOOPBACK)
