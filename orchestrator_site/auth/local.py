"""Sign-in with a local password, slowed down after failures. For the first run and for emergencies.

Where people sign in through a provider a site may leave passwords to the names in BREAK_GLASS_USERS: for the day on
which nobody can sign in otherwise.
"""

from typing import Any

from django.conf import settings
from django.contrib.auth.models import User
from django.http import HttpRequest

from orchestrator_site.auth import limiter
from orchestrator_site.auth.people import KnownWithGroups


class LocalBackend(KnownWithGroups):
    """Django's own check of a password behind the limiter; raises `TooManyFailures`."""

    def authenticate(
        self, request: HttpRequest | None, username: str | None = None, password: str | None = None, **kwargs: Any
    ) -> User | None:
        if not username or password is None or not may_use_password(username):
            return None
        address = limiter.address_of(request)
        limiter.begin(username, address)
        user = super().authenticate(request, username=username, password=password, **kwargs)
        if user is None:
            limiter.failed()
            return None
        limiter.succeeded(username, address)
        return user

    def get_user(self, user_id: int) -> User | None:
        user = super().get_user(user_id)
        return user if user is not None and may_use_password(user.username) else None


BACKEND = "orchestrator_site.auth.local.LocalBackend"


def may_use_password(name: str) -> bool:
    """Whether the settings let somebody of this name in without the identity provider."""
    return settings.LOCAL_SIGN_IN or not settings.OIDC_ENABLED or name in settings.BREAK_GLASS_USERS


def breaks_glass() -> bool:
    """Whether a password is for emergencies only on this site."""
    return bool(settings.OIDC_ENABLED and not settings.LOCAL_SIGN_IN)
