"""JSON that a person has typed: the value that it says, or in words why it cannot be kept as it stands."""

import json
import re
from decimal import Decimal, InvalidOperation
from typing import Any, NoReturn

DEEPEST = 40
_MOST_DIGITS = 400
_TEXTS = re.compile(r'"[^"\\]*(?:\\.[^"\\]*)*"?', re.DOTALL)


class InvalidJson(ValueError):
    """A text is no JSON, or JSON that would not come back as it was typed."""


def read_json(text: str) -> Any:
    """The value of a text. Raises `InvalidJson` in words.

    Refused besides what is no JSON: more than `DEEPEST` levels, a key that an object has twice, and a number that a
    binary fraction cannot hold, since it would come back as another one.
    """
    if _depth(text) > DEEPEST:
        raise InvalidJson(f"It is nested deeper than {DEEPEST} levels.")
    try:
        return json.loads(
            text,
            object_pairs_hook=_object,
            parse_float=_fraction,
            parse_int=_whole,
            parse_constant=_no_number,
        )
    except json.JSONDecodeError as error:
        place = f"line {error.lineno}, column {error.colno}"
        raise InvalidJson(f"This is not JSON: {error.msg[:1].lower()}{error.msg[1:]} ({place}).") from error


def _depth(text: str) -> int:
    """How many brackets are open at most, texts left out."""
    depth = deepest = 0
    for sign in re.findall(r"[\[\]{}]", _TEXTS.sub("", text)):
        depth += 1 if sign in "[{" else -1
        deepest = max(deepest, depth)
    return deepest


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made: dict[str, Any] = {}
    for key, value in pairs:
        if key in made:
            raise InvalidJson(f"The key “{key}” stands twice in one object.")
        made[key] = value
    return made


def _fraction(text: str) -> float:
    value = exact_fraction(text)
    if value is None:
        raise InvalidJson(f"The number {text[:40]} cannot be kept exactly; write it as a text, in quotes.")
    return value


def exact_fraction(text: str) -> float | None:
    """The number that comes back as it was written; None where a binary fraction would come back as another one."""
    try:
        wanted = Decimal(text)
        made = float(wanted)
        is_same = Decimal(repr(made)) == wanted
    except (InvalidOperation, OverflowError, ValueError):
        return None
    return made if is_same else None


def _whole(text: str) -> int:
    if len(text) > _MOST_DIGITS:
        raise InvalidJson(f"The number {text[:20]}… has too many digits.")
    return int(text)


def _no_number(text: str) -> NoReturn:
    raise InvalidJson(f"{text} is not a JSON value.")
