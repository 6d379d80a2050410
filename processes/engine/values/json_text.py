"""JSON in and out so that no number changes on the way: texts of people and programs, and what databases keep.

PostgreSQL keeps numbers in decimal: what was written 1e16 comes back as 10000000000000000, and whole numbers of any
length. So floats are written out with their fraction, and what comes back beyond 64 bits is a float again.
"""

import json
import re
from collections import Counter
from collections.abc import Callable
from decimal import Decimal, InvalidOperation
from typing import Any

import orjson

DEEPEST = 100
"""Levels of lists and objects that are read: room for the deepest page with the deepest JSON value in it."""
MOST_DIGITS = 400
"""Digits of a number that is read, written out without exponent; a double has 309."""

_HAS_EXPONENT = re.compile(rb"(?:^|[\[:,])-?[0-9](?:\.[0-9]+)?e\+?[0-9]")
_EXPONENT_FROM = 1e16
"""From here on orjson writes floats with an exponent."""


class InvalidJson(ValueError):
    """A text that is not JSON, or whose meaning is not certain; the message goes after “The value” or “The body”."""


class LongNumber(Decimal):
    """A number as it was sent that neither 64 bits nor a double hold: for a decimal, and nothing else, exact."""


def read(text: str | bytes) -> Any:
    """The value of a JSON text, every number of which can be kept as JSON. Raises InvalidJson."""
    return _read(text, _refused)


def read_exactly(text: str | bytes) -> Any:
    """The same, where numbers of too many digits become a `LongNumber`, for whom decimals are asked."""
    return _read(text, LongNumber)


def to_database(value: object, default: Callable[[Any], Any] | None = None) -> bytes:
    """A value as every database keeps it and gives it back. Raises TypeError for what has no JSON form."""
    encoded = orjson.dumps(value, default=default)
    return orjson.dumps(_written_out(orjson.loads(encoded))) if _HAS_EXPONENT.search(encoded) else encoded


def from_database(text: str | bytes) -> Any:
    """What a database keeps; a whole number beyond 64 bits is the float that it was written as."""
    return orjson.loads(text)


def _read(text: str | bytes, long_number: Callable[[str], Decimal]) -> Any:
    try:
        _check_depth(orjson.loads(text))
    except orjson.JSONDecodeError as error:
        raise InvalidJson(f"is not JSON: {error}") from error
    return json.loads(
        text,
        parse_float=lambda written: _float(written, long_number),
        parse_int=lambda written: _integer(written, long_number),
        object_pairs_hook=_object,
    )


def _check_depth(value: object) -> None:
    layer: list[object] = [value]
    for _ in range(DEEPEST + 1):
        layer = [inner for one in layer for inner in _members(one)]
        if not layer:
            return
    raise InvalidJson(f"is nested deeper than {DEEPEST} levels")


def _members(value: object) -> list[object]:
    members = list(value.values()) if isinstance(value, dict) else value if isinstance(value, list) else []
    return [one for one in members if isinstance(one, (dict, list))]


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        twice = Counter(key for key, _ in pairs).most_common(1)[0][0]
        raise InvalidJson(f"names “{twice[:100]}” twice in one object")
    return found


def _float(written: str, long_number: Callable[[str], Decimal]) -> float | Decimal:
    number = float(written)
    exact = _decimal(written)
    return number if Decimal(repr(number)) == exact else long_number(written)


def _integer(written: str, long_number: Callable[[str], Decimal]) -> int | Decimal:
    _check_length(written)
    number = int(written)
    return number if -(2**63) <= number < 2**64 else long_number(written)


def _decimal(written: str) -> Decimal:
    _check_length(written)
    try:
        exact = Decimal(written)
    except InvalidOperation as error:
        raise InvalidJson(f"holds the number {written}, which is out of range") from error
    if exact and abs(exact.adjusted()) > MOST_DIGITS:
        raise InvalidJson(f"holds the number {written}, which is out of range")
    return exact


def _check_length(written: str) -> None:
    if len(written) > MOST_DIGITS:
        raise InvalidJson(f"holds a number of more than {MOST_DIGITS} digits")


def _refused(written: str) -> Decimal:
    shown = written if len(written) <= 60 else f"{written[:57]}…"
    raise InvalidJson(f"holds the number {shown}, which JSON numbers here cannot keep exactly; send it as a text")


def _written_out(value: Any) -> Any:
    match value:
        case float() if abs(value) >= _EXPONENT_FROM:
            return orjson.Fragment(f"{value:.1f}")
        case dict():
            return {key: _written_out(inner) for key, inner in value.items()}
        case list():
            return [_written_out(inner) for inner in value]
        case _:
            return value
