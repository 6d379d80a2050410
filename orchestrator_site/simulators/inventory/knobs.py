"""Knobs that make coming calls fail or be slow, and the log of recent calls; both are forgotten at a restart."""

import threading
from collections import deque
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from enum import StrEnum
from fnmatch import fnmatchcase
from typing import Any

LONGEST_DELAY_SECONDS = 300.0
KEPT_CALLS = 500


class When(StrEnum):
    """Whether the call has its effect before it is reported as failed."""

    BEFORE = "before"
    AFTER = "after"


@dataclass(frozen=True)
class Knob:
    """Applies to the next `times` calls whose method and path match (`*` stands for anything).

    `status` 0 answers as usual, so that the knob only delays; the delay is in seconds and comes first.
    """

    id: int
    method: str = "*"
    path: str = "*"
    when: When = When.BEFORE
    times: int = 1
    status: int = 0
    message: str = "Failed on request of a knob."
    delay_seconds: float = 0.0

    def matches(self, method: str, path: str) -> bool:
        """Whether the next call is one this knob means."""
        return fnmatchcase(method, self.method) and fnmatchcase(path, self.path)


@dataclass(frozen=True)
class Call:
    """One answered call of the API; times in ISO 8601 and milliseconds."""

    at: str
    method: str
    path: str
    query: str
    status: int
    duration_ms: float
    idempotency_key: str


class BadKnob(ValueError):
    """The knob that was asked for makes no sense; `errors` says why, by field."""

    def __init__(self, errors: dict[str, list[str]]) -> None:
        super().__init__(str(errors))
        self.errors = errors


class Knobs:
    """The knobs that still have calls to spoil, and the calls that were made; safe between threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._knobs: list[Knob] = []
        self._calls: deque[Call] = deque(maxlen=KEPT_CALLS)
        self._made = 0

    def add(self, wish: Mapping[str, Any]) -> Knob:
        """Sets a knob from its JSON; raises BadKnob."""
        values = _checked(wish)
        with self._lock:
            self._made += 1
            knob = Knob(id=self._made, **values)
            self._knobs.append(knob)
            return knob

    def take(self, method: str, path: str) -> Knob | None:
        """The first knob meant for this call, one use less; None when the call is to go as usual."""
        with self._lock:
            for place, knob in enumerate(self._knobs):
                if knob.matches(method, path):
                    self._use(place, knob)
                    return knob
            return None

    def clear(self) -> None:
        """Forgets all knobs."""
        with self._lock:
            self._knobs.clear()

    def record(self, call: Call) -> None:
        """Remembers a call; the oldest is forgotten."""
        with self._lock:
            self._calls.append(call)

    def forget_calls(self) -> None:
        """Empties the log."""
        with self._lock:
            self._calls.clear()

    def listed(self) -> list[dict[str, Any]]:
        """The knobs that still wait for calls."""
        with self._lock:
            return [asdict(knob) for knob in self._knobs]

    def calls(self) -> list[dict[str, Any]]:
        """Recent calls, newest first."""
        with self._lock:
            return [asdict(call) for call in reversed(self._calls)]

    def _use(self, place: int, knob: Knob) -> None:
        if knob.times > 1:
            self._knobs[place] = replace(knob, times=knob.times - 1)
            return
        del self._knobs[place]


def _checked(wish: Mapping[str, Any]) -> dict[str, Any]:
    errors: dict[str, list[str]] = {}
    values: dict[str, Any] = {}
    for name, value in wish.items():
        check = CHECKS.get(name)
        if check is None:
            errors[name] = [f"Unknown; a knob has {', '.join(CHECKS)}."]
            continue
        try:
            values[name] = check(value)
        except (TypeError, ValueError) as error:
            errors[name] = [str(error)]
    if not errors and not values.get("status") and not values.get("delay_seconds"):
        errors["status"] = ["Give a status to fail with, or delay_seconds."]
    if errors:
        raise BadKnob(errors)
    return values


def _text(value: Any) -> str:
    if not isinstance(value, str) or not value:
        raise ValueError("A text is required.")
    return value


def _times(value: Any) -> int:
    return _between(value, 1, 1_000_000)


def _status(value: Any) -> int:
    return 0 if value == 0 else _between(value, 400, 599)


def _between(value: Any, lowest: int, highest: int) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not lowest <= value <= highest:
        raise ValueError(f"A whole number from {lowest} to {highest} is required.")
    return value


def _delay(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= LONGEST_DELAY_SECONDS:
        raise ValueError(f"A number of seconds from 0 to {LONGEST_DELAY_SECONDS:g} is required.")
    return float(value)


CHECKS = {
    "method": lambda value: _text(value).upper(),
    "path": _text,
    "when": When,
    "times": _times,
    "status": _status,
    "message": _text,
    "delay_seconds": _delay,
}
