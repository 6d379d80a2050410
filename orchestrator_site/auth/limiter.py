"""Slow down guessing of passwords: tries are counted in the database, so that all web processes see the same.

A try is counted before the password is looked at and forgotten when it was right: of guesses that come at once no more
get through than of guesses in a row.
"""

from datetime import timedelta

from django.conf import settings
from django.db.models import Count, Min, Q
from django.http import HttpRequest
from django.utils import timezone

from orchestrator_site.models import SignInFailure

WINDOW = timedelta(minutes=15)
AHEAD = timedelta(minutes=1)
"""By which the clocks of hosts may differ; what lies further ahead is from before a clock was set back."""
PER_NAME_AND_ADDRESS = 10
PER_ADDRESS = 100
"""Failures after which an address is taken for one that tries many names: then a name has fewer tries from there."""
FEWER = 3


class TooManyFailures(Exception):
    """Too many failed sign-in attempts; try again later."""

    def __init__(self, wait_seconds: int) -> None:
        super().__init__(f"Too many failed sign-in attempts. Try again in {wait_seconds // 60 + 1} minutes.")
        self.wait_seconds = wait_seconds


def begin(name: str, address: str) -> None:
    """Count a try that is about to be made. Raises `TooManyFailures` when this name from this address has had too many.

    A name alone is never locked, for a stranger could lock out its owner; nor an address, which may be a proxy.
    """
    mine = SignInFailure.objects.create(name=_key(name), address=address, at=timezone.now())
    of_name = Q(name=mine.name)
    lately = (mine.at - WINDOW, mine.at + AHEAD)
    tries = SignInFailure.objects.filter(address=address, at__range=lately).aggregate(
        all=Count("pk"), of_name=Count("pk", filter=of_name), oldest=Min("at", filter=of_name)
    )
    if tries["of_name"] > (FEWER if tries["all"] > PER_ADDRESS else PER_NAME_AND_ADDRESS):
        mine.delete()
        raise TooManyFailures(max(1, int((tries["oldest"] + WINDOW - timezone.now()).total_seconds())))


def failed() -> None:
    """Forget the tries that no longer count; the one that has failed is counted already."""
    now = timezone.now()
    SignInFailure.objects.exclude(at__range=(now - WINDOW, now + AHEAD)).delete()


def succeeded(name: str, address: str) -> None:
    """Forget the tries of somebody who then remembered."""
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
