"""Sign-in with a local password, slowed down after failures. For the first run and for emergencies."""

from typing import Any

from django.contrib.auth.models import User
from django.http import HttpRequest

from orchestrator_site.auth import limiter
from orchestrator_site.auth.people import KnownWithGroups


class LocalBackend(KnownWithGroups):
    """Django's own check of a password behind the limiter; raises `TooManyFailures`."""

    def authenticate(
        self, request: HttpRequest | None, username: str | None = None, password: str | None = None, **kwargs: Any
    ) -> User | None:
        if not username or password is None:
            return None
        address = limiter.address_of(request)
        limiter.check(username, address)
        user = super().authenticate(request, username=username, password=password, **kwargs)
        if user is None:
            limiter.failed(username, address)
            return None
        limiter.succeeded(username, address)
        return user
