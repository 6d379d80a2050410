"""Slow down guessing of passwords: failures are counted in the database, so that all web processes see the same."""

from datetime import timedelta

from django.conf import settings
from django.db.models import Min
from django.http import HttpRequest
from django.utils import timezone

from orchestrator_site.models import SignInFailure

WINDOW = timedelta(minutes=15)
PER_NAME_AND_ADDRESS = 10
PER_ADDRESS = 100


class TooManyFailures(Exception):
    """Too many failed sign-in attempts; try again later."""

    def __init__(self, wait_seconds: int) -> None:
        super().__init__(f"Too many failed sign-in attempts. Try again in {wait_seconds // 60 + 1} minutes.")
        self.wait_seconds = wait_seconds


def check(name: str, address: str) -> None:
    """Raise `TooManyFailures` when this name from this address, or this address alone, failed too often.

    A name alone is never locked: a stranger could lock out its owner.
    """
    recent = SignInFailure.objects.filter(address=address, at__gt=timezone.now() - WINDOW)
    for failures, limit in ((recent.filter(name=_key(name)), PER_NAME_AND_ADDRESS), (recent, PER_ADDRESS)):
        if failures.count() >= limit:
            oldest = failures.aggregate(oldest=Min("at"))["oldest"]
            raise TooManyFailures(max(1, int((oldest + WINDOW - timezone.now()).total_seconds())))


def failed(name: str, address: str) -> None:
    """Count a failure, and forget those that no longer count."""
    SignInFailure.objects.filter(at__lt=timezone.now() - WINDOW).delete()
    SignInFailure.objects.create(name=_key(name), address=address, at=timezone.now())


def succeeded(name: str, address: str) -> None:
    """Forget the failures of somebody who then remembered."""
    SignInFailure.objects.filter(name=_key(name), address=address).delete()


def address_of(request: HttpRequest | None) -> str:
    """Where a request comes from; forwarded addresses count only as far as TRUSTED_PROXIES reaches (0: not at all)."""
    if request is None:
        return "none"
    forwarded = [part.strip() for part in request.headers.get("X-Forwarded-For", "").split(",") if part.strip()]
    trusted: int = settings.TRUSTED_PROXIES
    if trusted and len(forwarded) >= trusted:
        return forwarded[-trusted][:64]
    return str(request.META.get("REMOTE_ADDR") or "none")


def _key(name: str) -> str:
    return name.casefold()[:150]
