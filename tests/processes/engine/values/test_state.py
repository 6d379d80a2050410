"""The state as JSON bytes: what goes in comes out, and what cannot be kept is refused by name."""

import enum
import math
from collections import OrderedDict
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from ipaddress import ip_address, ip_interface, ip_network
from pathlib import PurePosixPath
from types import MappingProxyType
from typing import Any
from uuid import UUID

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel

from processes.engine.values import state as state_module
from processes.engine.values.errors import ResultError
from processes.engine.values.state import APART, StateBytes, encode, join

TEXTS = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]))
KEYS = TEXTS.filter(bool)
SCALARS = (
    st.none() | st.booleans() | st.integers(-(2**63), 2**64 - 1) | st.floats(allow_nan=False, allow_infinity=False)
)
JSON = st.recursive(
    SCALARS | TEXTS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3), max_leaves=8
)


class Colour(enum.Enum):
    RED = "red"


class Reading(BaseModel):
    at: date
    value: float = 1.0


@dataclass
class Point:
    x: float
    y: float


@given(st.dictionaries(KEYS, JSON))
def test_what_goes_in_comes_out(state: dict[str, Any]) -> None:
    assert StateBytes.of(state).as_dict() == state


@given(st.dictionaries(KEYS, JSON))
def test_whole_state_is_one_json_object(state: dict[str, Any]) -> None:
    assert orjson.loads(StateBytes.of(state).to_json()) == state


@given(st.dictionaries(KEYS, JSON), st.dictionaries(KEYS, JSON))
def test_patch_replaces_keys_and_changes_nothing_else(before: dict[str, Any], patch: dict[str, Any]) -> None:
    state = StateBytes.of(before)

    assert state.with_patch(encode(patch)).as_dict() == {**before, **patch}
    assert state.as_dict() == before


@pytest.mark.parametrize(
    ("value", "plain"),
    [
        (UUID(int=5), "00000000-0000-0000-0000-000000000005"),
        (ip_address("10.0.0.1"), "10.0.0.1"),
        (ip_address("::1"), "::1"),
        (ip_network("10.0.0.0/8"), "10.0.0.0/8"),
        (ip_interface("fe80::1/64"), "fe80::1/64"),
        (Decimal("1.10"), "1.10"),
        (PurePosixPath("/etc"), "/etc"),
        (datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC), "2026-01-02T03:04:05+00:00"),
        (date(2026, 1, 2), "2026-01-02"),
        (time(3, 4), "03:04:00"),
        (timedelta(minutes=2), 120.0),
        ({"b", "a"}, ["a", "b"]),
        (frozenset({2, 1}), [1, 2]),
        ((1, 2), [1, 2]),
        (Colour.RED, "red"),
        (Point(1, 2), {"x": 1, "y": 2}),
        (Reading(at=date(2026, 1, 2)), {"at": "2026-01-02", "value": 1.0}),
        (OrderedDict(a=1), {"a": 1}),
        (MappingProxyType({"a": 1}), {"a": 1}),
        ([{UUID(int=5)}], [["00000000-0000-0000-0000-000000000005"]]),
        ("\\u0000 as text", "\\u0000 as text"),
        ({"deep": ["\\u0000 and \\x00 as text", 1]}, {"deep": ["\\u0000 and \\x00 as text", 1]}),
        (None, None),
        ([None, 1.5], [None, 1.5]),
    ],
    ids=lambda value: type(value).__name__,
)
def test_values_take_their_json_form(value: object, plain: object) -> None:
    assert StateBytes.of({"key": value})["key"] == plain


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        (math.nan, "contains NaN or infinity, which are not JSON."),
        ({"deep": [1, {"deeper": math.inf}]}, "contains NaN or infinity, which are not JSON."),
        ((None, -math.inf), "contains NaN or infinity, which are not JSON."),
        (Point(1, math.nan), "contains NaN or infinity, which are not JSON."),
        (Reading(at=date(2026, 1, 2), value=math.inf), "contains NaN or infinity, which are not JSON."),
        (enum.Enum("E", {"A": math.nan}).A, "contains NaN or infinity, which are not JSON."),  # type: ignore[attr-defined]
        ("a\0b", "contains a NUL character, which cannot be stored."),
        ([{"k\0": 1}], "contains a NUL character, which cannot be stored."),
        ([{"k": ["\\x00\0"]}], "contains a NUL character, which cannot be stored."),
        (2**64, "cannot be stored as JSON: Integer exceeds 64-bit range"),
        (-(2**63) - 1, "cannot be stored as JSON: Integer exceeds 64-bit range"),
        ("\ud800", "cannot be stored as JSON: str is not valid UTF-8: surrogates not allowed"),
        (b"bytes", "cannot be stored as JSON: bytes has no JSON form"),
        (object(), "cannot be stored as JSON: object has no JSON form"),
        ({1: "a"}, "cannot be stored as JSON: Dict key must be str"),
    ],
    ids=lambda value: type(value).__name__,
)
def test_what_cannot_be_kept_is_refused_by_name(value: object, reason: str) -> None:
    with pytest.raises(ResultError) as raised:
        encode({"fine": 1, "wrong": value})

    assert str(raised.value) == f'"wrong" {reason}'


@pytest.mark.parametrize("key", [1, None, "", "a\0", "\ud800"])
def test_keys_are_texts(key: Any) -> None:
    with pytest.raises(ResultError):
        encode({key: 1})


def test_only_mappings_are_states() -> None:
    with pytest.raises(ResultError, match="A step must return a dictionary or None, not list"):
        encode([1])  # type: ignore[arg-type]


def test_each_read_decodes_afresh_so_that_mutation_cannot_leak() -> None:
    state = StateBytes.of({"list": [1]})

    state["list"].append(2)
    state.as_dict()["list"].append(3)

    assert state["list"] == [1]


def test_reading() -> None:
    state = StateBytes.of({"a": 1, "b": None})

    assert (list(state), "a" in state, "c" in state) == (["a", "b"], True, False)
    assert (state.get("a", 0), state.get("b", 0), state.get("c", 0)) == (1, None, 0)
    assert state.values() == {"a": b"1", "b": b"null"}
    assert state.weight == 5


def test_state_that_grows_too_large_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(state_module, "STATE_LIMIT", 10)
    state = StateBytes.of({"a": "1234567"})

    with pytest.raises(ResultError, match="The state would be 11 bytes; at most 10 are allowed"):
        state.with_patch(encode({"b": 12}))

    assert state.with_patch(encode({"b": 1})).weight == 10


def test_many_patches_make_what_one_dictionary_would_be() -> None:
    state, expected = StateBytes.of({"first": 0}), dict[str, int](first=0)
    seen: list[tuple[StateBytes, dict[str, int]]] = []

    for number in range(3 * APART):
        patch = {f"key-{number % 100}": number, "last": number}
        seen.append((state, dict(expected)))
        state = state.with_patch(encode(patch))
        expected |= patch

    assert (state.as_dict(), list(state), state.weight) == (expected, list(expected), StateBytes.of(expected).weight)
    assert [before.as_dict() for before, _ in seen] == [then for _, then in seen]


def test_empty_state_is_an_empty_object() -> None:
    assert join({}) == b"{}"
