"""A binding to things that are kept in a dictionary: what subscriptions are to the real one, small enough to read."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from processes.engine import StartRefused
from processes.engine.binding import MISSING, End, Start, Started, StepRun, Subject


@dataclass
class Thing:
    """A domain object that steps change in place."""

    name: str
    colour: str


class NotReturned(Exception):
    """A thing was changed and not returned."""


class TakenColour(Exception):
    """Another thing has this colour already."""


@dataclass
class Shelf:
    """The binding, and the store behind it: things by name, and what was called in which order."""

    things: dict[str, str] = field(default_factory=dict)
    calls: list[str] = field(default_factory=list)

    def resources(self, start: Start) -> tuple[str, ...]:
        return (f"thing:{start.state['name']}",)

    def on_start(self, start: Start) -> Started:
        name = start.state["name"]
        if name == "forbidden":
            raise StartRefused("This thing is forbidden.")
        self.calls.append(f"start {name} by {start.by}")
        self.things[name] = "grey"
        return Started({"thing": {"name": name}}, (Subject("thing", name, f"Thing {name}"),))

    def session(self, run: StepRun) -> "ShelfSession":
        self.calls.append(f"session {run.path} {run.visit} holding {', '.join(run.resources)}")
        return ShelfSession(self)

    def on_end(self, end: End) -> None:
        labels = ", ".join(subject.label for subject in end.subjects)
        self.calls.append(f"end {end.status} of {labels} holding {', '.join(end.resources)}")


@dataclass
class ShelfSession:
    shelf: Shelf
    handed_out: dict[str, Thing] = field(default_factory=dict)
    returned: list[Thing] = field(default_factory=list)

    def inject(self, name: str, annotation: object, value: object) -> object:
        if annotation is not Thing or not isinstance(value, dict):
            return MISSING
        known_as = value["name"]
        return self.handed_out.setdefault(known_as, Thing(known_as, self.shelf.things[known_as]))

    def collect(self, returned: Mapping[str, object]) -> dict[str, Any]:
        self.returned = [value for value in returned.values() if isinstance(value, Thing)]
        for thing in self.handed_out.values():
            if thing.colour != self.shelf.things[thing.name] and thing not in self.returned:
                raise NotReturned(thing.name)
        return {key: {"name": value.name} if isinstance(value, Thing) else value for key, value in returned.items()}

    @property
    def has_changes(self) -> bool:
        return any(one.colour != self.shelf.things[one.name] for one in self.returned)

    def commit(self) -> tuple[Subject, ...]:
        for one in self.returned:
            if one.colour in self.shelf.things.values():
                raise TakenColour(one.colour)
            self.shelf.things[one.name] = one.colour
            self.shelf.calls.append(f"save {one.name} {one.colour}")
        return tuple(Subject("thing", one.name, f"{one.colour} {one.name}") for one in self.returned)
