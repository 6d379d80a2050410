"""The tour leaves out no endpoint and no page: each has a stop that succeeds, and one by somebody who may not."""

import re
from collections.abc import Iterator
from typing import Any, NamedTuple
from urllib.parse import urlsplit

import pytest
from django.urls import Resolver404, URLPattern, URLResolver, get_resolver, resolve

from tests.contracts import recording
from tests.contracts.areas.start import NO_ID
from tests.contracts.stops import Actor, Stop
from tests.contracts.tour import AREAS

OPEN = {"api/health/", "api/auth/login/"}
"""Endpoints that ask for no sign-in, or are one."""
ANY_ROLE = {*OPEN, "api/auth/logout/", "api/tokens/", "api/tokens/<int:token_id>"}
"""Endpoints for which everybody who has signed in has rights enough."""


OIDC = {
    "sign-in/provider/",
    "sign-in/callback/",
    "sign-in/backchannel-logout/",
    "sign-in/frontchannel-logout/",
}
"""Pages that a site without an identity provider does not have; tests/orchestrator_site/auth has one."""


OWN = {"account/tokens/", "account/tokens/<int:pk>/end/", "account/sessions/<int:pk>/end/"}
"""Pages that show or need what is never the same twice; tests/orchestrator_site/account has them."""


class Asked(NamedTuple):
    """Who has asked for what, and the status of the answer."""

    method: str
    route: str
    actor: Actor
    status: int


def endpoints() -> list[tuple[str, str]]:
    """Method and route of everything below /api/."""
    return sorted(
        (method.upper(), route)
        for route, view in routes(get_resolver().url_patterns)
        if route.startswith("api/")
        for method in ("get", "post", "put", "patch", "delete")
        if hasattr(view.cls, method)
    )


def routes(patterns: list[Any], before: str = "") -> Iterator[tuple[str, Any]]:
    """Every route with its view."""
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            yield from routes(pattern.url_patterns, f"{before}{pattern.pattern}")
        elif isinstance(pattern, URLPattern):
            yield f"{before}{pattern.pattern}", pattern.callback


@pytest.fixture(scope="module")
def asked() -> list[Asked]:
    """Every stop of the tour with the route it reaches and the status that was recorded."""
    recorded = ((area.stops, recording.load(area.name).answers) for area in AREAS)
    return [
        Asked(stop.method, route_of(stop.path), stop.actor, answers[stop.name]["status"])
        for stops, answers in recorded
        for stop in stops
        if isinstance(stop, Stop) and stop.name in answers
    ]


def route_of(path: str) -> str:
    """The route of a path, in which whatever is kept is an id."""
    for kept in (NO_ID, "0"):
        try:
            return str(resolve(urlsplit(re.sub(r"\{[^}]*\}", kept, path)).path).route)
        except Resolver404:
            continue
    return ""


@pytest.mark.parametrize(("method", "route"), endpoints(), ids=lambda text: text)
def test_every_endpoint_is_asked_rightly_and_by_those_who_may_not(method: str, route: str, asked: list[Asked]) -> None:
    statuses = [(one.actor, one.status) for one in asked if (one.method, one.route) == (method, route)]

    assert [status for _, status in statuses if status < 400], "no stop succeeds"
    assert route in OPEN or (Actor.NOBODY, 401) in statuses, "nobody asks without signing in"
    assert route in ANY_ROLE or (Actor.STRANGER, 403) in statuses, "nobody asks without a role"


def pages() -> list[str]:
    """The routes of all pages but those of the admin."""
    found = {route for route, _ in routes(get_resolver().url_patterns)}
    return sorted(route for route in found if not route.startswith(("api/", "admin/")))


@pytest.mark.parametrize("route", pages(), ids=lambda route: route or "start page")
def test_every_page_is_looked_at_rightly_and_by_nobody(route: str, asked: list[Asked]) -> None:
    statuses = [(one.actor, one.status) for one in asked if one.route == route]

    assert route in OIDC | OWN or [status for _, status in statuses if status < 400], "no stop succeeds"
    assert [actor for actor, _ in statuses if actor is Actor.NOBODY], "nobody asks without signing in"


def test_tour_has_no_two_areas_of_one_name_and_no_answers_without_an_area() -> None:
    names = [area.name for area in AREAS]

    assert sorted(file.stem for file in recording.FOLDER.glob("*.json")) == sorted(set(names))
    assert len(names) == len(set(names))
