"""How many requests a minute a person, or an address, may make: counted in memory that web processes of a host share.

Nothing is written to the database for it, so that hosts count each for itself. A person has a bucket of their own,
found by the credentials that were good last time; whoever shows none, or others, shares the bucket of the address.
So nobody is kept out by what a stranger does behind the same proxy.
"""

from collections.abc import Callable
from hashlib import blake2b
from ipaddress import IPv6Address, ip_address, ip_network
from math import ceil
from pathlib import Path
from time import monotonic

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.functional import LazyObject

from orchestrator_site.auth.limiter import address_of
from orchestrator_site.limits.shared_table import SharedTable
from orchestrator_site.pages.faults import refused
from orchestrator_site.rest.problem import Problem

ROWS = 4096
"""Of eight buckets each, 400 KB: those who have most left give way to others."""
AFRESH_SECONDS = 60.0
"""Credentials that are used are noted as used so often at most."""


class Rates:
    """`per_minute` are given evenly, half a minute's worth can be spent at once.

    Of each caller one number is kept: the moment (monotonic seconds of the host) at which nothing is spent any more
    (GCRA). The one who has spent most is forgotten last.
    """

    def __init__(self, per_minute: int, file: Path | None = None) -> None:
        self._each = 60 / per_minute
        self._most = self._each * max(1.0, per_minute / 2)
        self._spent = SharedTable(ROWS, file)
        self._people = SharedTable(ROWS, file and file.with_name(f"{file.name}-people"))
        self._secret = blake2b(settings.SECRET_KEY.encode(), digest_size=16).digest()

    def take(self, credentials: str, address: str, now: float) -> float:
        """Count a request; 0 when it may go on, else the seconds after which the next one may."""
        caller = self._caller(credentials, address, now)
        with self._spent.locked():
            found = self._spent.get(caller)
            ends = now if found is None else max(now, found[0])
            if (
                ends - now > self._most + self._each
            ):  # of a host that was started anew since, and whose clock has begun again
                ends = now
            wait = ends + self._each - now - self._most
            if wait > 1e-6:
                return wait
            self._spent.put(caller, ends + self._each, ends + self._each)
        return 0

    def know(self, credentials: str, person: str, now: float) -> None:
        """These credentials were good."""
        key, caller = self._key(credentials), self._key(person) >> 11
        found = self._people.get(key)
        if found is not None and found[0] == caller and 0 <= now - found[1] < AFRESH_SECONDS:
            return
        with self._people.locked():
            self._people.put(key, caller, now)

    def _caller(self, credentials: str, address: str, now: float) -> int:
        known = self._people.get(self._key(credentials)) if credentials else None
        if known is None:
            return self._key(address) >> 11
        return int(known[0])

    def _key(self, text: str) -> int:
        """A digest that nobody can choose texts for; shifted by 11 bits it is a whole number that a float holds."""
        return int.from_bytes(blake2b(text.encode("utf-8", "replace"), key=self._secret, digest_size=8).digest()) or 1


def limited(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponseBase]:
    """Middleware: 429 with Retry-After to who asks too often, before a session is read.

    REQUESTS_PER_MINUTE says how often; 0 is any number. It is made before web processes are forked, which share it.
    """
    file = Path(settings.RATES_FILE) if settings.RATES_FILE else None
    rates = Rates(settings.REQUESTS_PER_MINUTE, file) if settings.REQUESTS_PER_MINUTE else None

    def answer(request: HttpRequest) -> HttpResponseBase:
        if rates is None:
            return get_response(request)
        credentials = _credentials(request)
        wait = rates.take(credentials, _place(request), monotonic())
        if wait:
            return refused(request, _too_many(ceil(wait)))
        response = get_response(request)
        person = _person(request)
        if person and credentials:
            rates.know(credentials, person, monotonic())
        return response

    return answer


def _too_many(seconds: int) -> Problem:
    words = f"Too many requests. Try again in {seconds} second{'' if seconds == 1 else 's'}."
    return Problem(429, words, title="Too many requests", headers={"Retry-After": str(seconds)})


def _credentials(request: HttpRequest) -> str:
    """What somebody shows, of which a digest is kept; empty where nothing is shown."""
    return request.META.get("HTTP_AUTHORIZATION") or request.COOKIES.get(settings.SESSION_COOKIE_NAME, "")


def _place(request: HttpRequest) -> str:
    """The address; of IPv6 the network of a household, which has as many addresses as it likes."""
    text = address_of(request)
    try:
        address = ip_address(text)
    except ValueError:
        return text
    return str(ip_network(f"{address}/64", strict=False)) if isinstance(address, IPv6Address) else text


def _person(request: HttpRequest) -> str:
    """Who has asked, as far as the answer had to find out."""
    known = vars(request).get("user")
    if known is None or isinstance(known, LazyObject):
        known = vars(request).get("_cached_user")
    return f"user {known.pk}" if isinstance(known, AbstractBaseUser) and known.is_authenticated else ""
