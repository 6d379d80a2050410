"""How many requests a minute a person, or an address, may make; counted in memory: a request writes nothing for it.

Each web process counts for itself, so that a site of two allows twice as many. A person has a bucket of their own,
found by the credentials that were good last time; whoever shows none, or others, shares the bucket of the address.
So nobody is kept out by what a stranger does behind the same proxy.
"""

import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import blake2b
from ipaddress import IPv6Address, ip_address, ip_network
from math import ceil
from time import monotonic

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.functional import LazyObject

from orchestrator_site.auth.limiter import address_of
from orchestrator_site.pages.faults import refused
from orchestrator_site.rest.problem import Problem

MOST_BUCKETS = 20_000
"""Buckets and credentials that are remembered; those that were used longest ago are forgotten."""


@dataclass
class Bucket:
    """What is left, and when it was counted (monotonic seconds)."""

    tokens: float
    at: float


class Rates:
    """Token buckets: `per_minute` are filled up evenly, half a minute's worth can be spent at once."""

    def __init__(self, per_minute: int) -> None:
        self.per_second, self.size = per_minute / 60, max(1.0, per_minute / 2)
        self._buckets: OrderedDict[str, Bucket] = OrderedDict()
        self._people: OrderedDict[bytes, str] = OrderedDict()
        self._lock = threading.Lock()

    def take(self, credentials: bytes, address: str, now: float) -> float:
        """Count a request; 0 when it may go on, else the seconds after which the next one may."""
        with self._lock:
            bucket = self._bucket(self._people.get(credentials, address), now)
            bucket.tokens = min(self.size, bucket.tokens + (now - bucket.at) * self.per_second)
            bucket.at = now
            if bucket.tokens < 1:
                return (1 - bucket.tokens) / self.per_second
            bucket.tokens -= 1
            return 0

    def know(self, credentials: bytes, person: str) -> None:
        """These credentials were good."""
        if self._people.get(credentials) == person:
            return
        with self._lock:
            self._people[credentials] = person
            while len(self._people) > MOST_BUCKETS:
                self._people.popitem(last=False)

    def _bucket(self, key: str, now: float) -> Bucket:
        bucket = self._buckets.get(key)
        if bucket is None:
            bucket = self._buckets[key] = Bucket(self.size, now)
            if len(self._buckets) > MOST_BUCKETS:
                self._buckets.popitem(last=False)
        self._buckets.move_to_end(key)
        return bucket


def limited(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponseBase]:
    """Middleware: 429 with Retry-After to who asks too often, before a session is read.

    REQUESTS_PER_MINUTE says how often; 0 is any number.
    """
    rates = Rates(settings.REQUESTS_PER_MINUTE) if settings.REQUESTS_PER_MINUTE else None

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
            rates.know(credentials, person)
        return response

    return answer


def _too_many(seconds: int) -> Problem:
    words = f"Too many requests. Try again in {seconds} second{'' if seconds == 1 else 's'}."
    return Problem(429, words, title="Too many requests", headers={"Retry-After": str(seconds)})


def _credentials(request: HttpRequest) -> bytes:
    """A digest of what somebody shows; nothing where nothing is shown."""
    shown = request.META.get("HTTP_AUTHORIZATION") or request.COOKIES.get(settings.SESSION_COOKIE_NAME, "")
    return blake2b(shown.encode("utf-8", "replace"), digest_size=16).digest() if shown else b""


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
