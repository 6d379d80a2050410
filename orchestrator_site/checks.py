"""What `manage.py check` says about sign-in settings, so that a mistake shows before somebody tries to sign in."""

from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register

from orchestrator_site.auth.provider.configuration import SETTINGS, is_confidential
from processes.access.permissions import Action


@register(Tags.security)
def identity_provider(app_configs: Sequence[AppConfig] | None, **_: Any) -> list[CheckMessage]:  # noqa: ARG001
    """Errors for a provider that is half configured, or spoken to in clear beyond this machine."""
    if not settings.OIDC_ENABLED:
        return []
    found: list[CheckMessage] = []
    if not settings.OIDC_RP_CLIENT_ID or not settings.OIDC_RP_CLIENT_SECRET:
        hint = "Set OIDC_CLIENT_ID and OIDC_CLIENT_SECRET, or unset OIDC_ISSUER."
        found.append(Error("OIDC_ISSUER is set, but the client is not.", hint, id="site.E001"))
    for name in ("OIDC_ISSUER", *SETTINGS.values()):
        address = str(getattr(settings, name, ""))
        if address and not is_confidential(address):
            hint = "Use https; plain http is allowed on loopback only."
            found.append(Error(f"{name} is called over unencrypted http.", hint, id="site.E002"))
    return found


@register(Tags.security)
def step_up(app_configs: Sequence[AppConfig] | None, **_: Any) -> list[CheckMessage]:  # noqa: ARG001
    """Errors for acts that do not exist, or that ask for a level which nobody can reach."""
    found: list[CheckMessage] = []
    for action, level in settings.STEP_UP.items():
        if action not in set(Action):
            found.append(Error(f"OIDC_STEP_UP names the act {action}, which does not exist.", id="site.E004"))
        if level not in settings.ACR_VALUES:
            hint = "List all levels in OIDC_ACR_VALUES, from the weakest to the strongest."
            found.append(Error(f"OIDC_STEP_UP asks for the unknown level {level}.", hint, id="site.E005"))
    return found


@register(Tags.security, deploy=True)
def hosts(app_configs: Sequence[AppConfig] | None, **_: Any) -> list[CheckMessage]:  # noqa: ARG001
    """An error for a site that answers to any name."""
    if "*" in settings.ALLOWED_HOSTS:
        return [Error("ALLOWED_HOSTS allows any host.", "List the host names of this site.", id="site.E003")]
    return []
