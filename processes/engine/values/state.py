"""The state of a process as key to JSON bytes: only what is asked for is decoded, so mutation in place cannot leak."""

import math
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import fields, is_dataclass
from datetime import timedelta
from decimal import Decimal
from enum import Enum
from ipaddress import IPv4Address, IPv4Interface, IPv4Network, IPv6Address, IPv6Interface, IPv6Network
from pathlib import PurePath
from typing import Any

import orjson

from processes.engine.values import json_text
from processes.engine.values.errors import ResultError
from processes.engine.values.json_text import LongNumber

STATE_LIMIT = 10_000_000
"""Bytes of the whole state as JSON; more is refused."""

APART = 64
"""So many keys that were patched lie apart from the others."""

_TEXT_TYPES = (
    Decimal, IPv4Address, IPv6Address, IPv4Network, IPv6Network, IPv4Interface, IPv6Interface, PurePath,
)  # fmt: skip


class StateBytes:
    """A state. `weight` counts the bytes of all values; each read decodes afresh.

    What a few patches have added lies apart: a step of a process with many keys touches only its own.
    """

    def __init__(self, values: Mapping[str, bytes]) -> None:
        self._old = dict(values)
        self._new: dict[str, bytes] = {}
        self.weight = _weight(self._old.values())

    @classmethod
    def of(cls, state: Mapping[str, Any]) -> "StateBytes":
        """Encode a mapping. Raises ResultError."""
        return cls(encode(state))

    @classmethod
    def from_json(cls, text: bytes | str) -> "StateBytes":
        """The state that `to_json` wrote."""
        return cls({key: json_text.to_database(value) for key, value in json_text.from_database(text).items()})

    def __contains__(self, key: str) -> bool:
        return key in self._new or key in self._old

    def __iter__(self) -> Iterator[str]:
        return iter(self.values())

    def __getitem__(self, key: str) -> Any:
        return orjson.loads(self._encoded(key))

    def get(self, key: str, default: object) -> object:
        try:
            return self[key]
        except KeyError:
            return default

    def _encoded(self, key: str) -> bytes:
        return self._new[key] if key in self._new else self._old[key]

    def as_dict(self) -> dict[str, Any]:
        return {key: orjson.loads(value) for key, value in self.values().items()}

    def with_patch(self, patch: Mapping[str, bytes]) -> "StateBytes":
        """The state with the keys of the patch replaced. Raises ResultError when it grows too large."""
        replaced = [self._encoded(key) for key in patch if key in self]
        weight = self.weight - _weight(replaced) + _weight(patch.values())
        if weight > STATE_LIMIT:
            raise ResultError(f"The state would be {weight} bytes; at most {STATE_LIMIT} are allowed.")
        after = StateBytes({})
        after._old, after._new, after.weight = self._old, {**self._new, **patch}, weight
        if len(after._new) > APART:
            after._old, after._new = after.values(), {}
        return after

    def values(self) -> dict[str, bytes]:
        """The encoded values by key."""
        return {**self._old, **self._new}

    def to_json(self) -> bytes:
        return join(self.values())


class ReadThrough(StateBytes):
    """The same state; each value is passed through a function as it is read, if the function wants it."""

    def __init__(self, state: StateBytes, wants: Callable[[bytes], bool], read: Callable[[Any], Any]) -> None:
        self._old, self._new, self.weight = state._old, state._new, state.weight
        self._wants, self._read = wants, read

    def __getitem__(self, key: str) -> Any:
        value = super().__getitem__(key)
        return self._read(value) if self._wants(self._encoded(key)) else value

    def as_dict(self) -> dict[str, Any]:
        return {key: self[key] for key in self.values()}


def _weight(values: Iterable[bytes]) -> int:
    return sum(map(len, values))


def join(values: Mapping[str, bytes]) -> bytes:
    """One JSON object of encoded values."""
    return b"{" + b",".join(orjson.dumps(key) + b":" + value for key, value in values.items()) + b"}"


def encode(state: Mapping[str, Any]) -> dict[str, bytes]:
    """Each value as JSON bytes.

    UUIDs, moments, addresses, decimals, enums, sets, dataclasses and pydantic models become their JSON form. Raises
    ResultError for what has none, and for NaN, infinity, NUL and half surrogates, which not every database takes.
    """
    if not isinstance(state, Mapping):
        raise ResultError(f"A step must return a dictionary or None, not {type(state).__name__}.")
    return {_key(key): _encode(key, value) for key, value in state.items()}


def _key(key: object) -> str:
    if not isinstance(key, str) or not key:
        raise ResultError(f"State keys must be strings, not {key!r}.")
    _encode(key, key)
    return key


def _encode(key: str, value: object) -> bytes:
    try:
        encoded = json_text.to_database(value, _plain)
    except (TypeError, ValueError) as error:
        raise ResultError(f'"{key}" cannot be stored as JSON: {error.__cause__ or error}') from error
    if b"\\u0000" in encoded and _has_nul(orjson.loads(encoded)):
        raise ResultError(f'"{key}" contains a NUL character, which cannot be stored.')
    if b"null" in encoded and _has_nan(value):
        raise ResultError(f'"{key}" contains NaN or infinity, which are not JSON.')
    return encoded


def _plain(value: object) -> object:
    if isinstance(value, LongNumber):
        raise TypeError(f"the number {value} has more digits than JSON numbers keep; give it as a text")
    if isinstance(value, _TEXT_TYPES):
        return str(value)
    if isinstance(value, set | frozenset):
        return sorted(value, key=str)
    if isinstance(value, timedelta):
        return value.total_seconds()
    if isinstance(value, Mapping):
        return dict(value)
    if hasattr(value, "model_dump"):
        return value.model_dump(mode="json")
    raise TypeError(f"{type(value).__name__} has no JSON form")


def _has_nul(plain: object) -> bool:
    match plain:
        case str():
            return "\0" in plain
        case dict():
            return any(map(_has_nul, plain)) or any(map(_has_nul, plain.values()))
        case list():
            return any(map(_has_nul, plain))
        case _:
            return False


def _has_nan(value: object) -> bool:
    if isinstance(value, float):
        return not math.isfinite(value)
    return any(map(_has_nan, _parts(value)))


def _parts(value: object) -> Iterable[object]:
    """What a value is made of, as far as it may hide a number."""
    match value:
        case Enum():
            return (value.value,)
        case Mapping():
            return value.values()
        case list() | tuple() | set() | frozenset():
            return value
        case _ if is_dataclass(value):
            return [getattr(value, one.name) for one in fields(value)]
        case _ if hasattr(value, "model_dump"):
            return (value.model_dump(mode="json"),)
        case _:
            return ()
