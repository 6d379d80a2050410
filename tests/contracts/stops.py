"""The values of which a tour is made: who asks for what, and what happens between two requests."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any

from tests.fakes.inventory import InventoryFake


class Actor(StrEnum):
    """Who asks. The four people of the demo, somebody without a role, and somebody who has not signed in."""

    NOBODY = "nobody"
    STRANGER = "stranger"
    VIEWER = "viewer"
    OPERATOR = "operator"
    MODELLER = "modeller"
    ADMIN = "admin"


class SignIn(StrEnum):
    """How the actor is known: by token below /api/ and by session elsewhere, unless a stop says otherwise."""

    USUAL = "usual"
    SESSION = "session"
    CHECKED_SESSION = "checked session"
    """A session whose posts need the token against forged requests."""


@dataclass(frozen=True)
class Stop:
    """One request.

    `{name}` in path, body and headers is what an earlier stop kept. `body` is text, sent as it is, or a value, sent as
    JSON below /api/ and as form fields elsewhere. `keeps` maps a name to where in the answer its value stands: the name
    of a header, or a path into the JSON body such as `0.process_id`.
    """

    name: str
    actor: Actor
    method: str
    path: str
    body: Any = None
    headers: Mapping[str, str] = field(default_factory=dict)
    keeps: Mapping[str, str] = field(default_factory=dict)
    sign_in: SignIn = SignIn.USUAL


@dataclass(frozen=True)
class Meanwhile:
    """Something that happens between two requests, such as workers that drive; it is handed the inventory."""

    happens: Callable[[InventoryFake], None]


Stops = Sequence[Stop | Meanwhile]


@dataclass(frozen=True)
class Area:
    """A part of the tour with a file of answers of its own; it begins in the demo as `tour.BEFORE` leaves it."""

    name: str
    stops: Stops


def denied(stop: Stop, *, actors: Sequence[Actor] = (Actor.NOBODY, Actor.STRANGER)) -> list[Stop]:
    """The same request by people who may not make it."""
    return [replace(stop, name=f"{stop.name}, as {actor}", actor=actor, keeps={}) for actor in actors]
