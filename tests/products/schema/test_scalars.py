"""Single values: what each kind takes, keeps and refuses."""

from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from ipaddress import ip_address, ip_network
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from products.schema import InvalidType, ScalarKind, ScalarType

ID = "6d0a6fb0-9a4c-4f3c-8f4e-0f6c3a1d2b3c"


@pytest.mark.parametrize(
    ("kind", "value", "kept"),
    [
        ("string", "a name", "a name"),
        ("text", "two\nlines", "two\nlines"),
        ("integer", 7, 7),
        ("integer", " -7 ", -7),
        ("decimal", "10.50", "10.5"),
        ("decimal", 1e3, "1000"),
        ("decimal", Decimal("0.00"), "0"),
        ("boolean", True, True),
        ("boolean", "False", False),
        ("datetime", "2030-01-31T12:00:00+01:00", "2030-01-31T11:00:00+00:00"),
        ("datetime", datetime(2030, 1, 31, 12, tzinfo=UTC), "2030-01-31T12:00:00+00:00"),
        ("uuid", ID.upper(), ID),
        ("uuid", UUID(ID), ID),
        ("ip_address", " 2001:DB8::1 ", "2001:db8::1"),
        ("ip_address", ip_address("192.0.2.1"), "192.0.2.1"),
        ("ip_network", "192.0.2.0/24", "192.0.2.0/24"),
        ("ip_network", ip_network("2001:db8::/32"), "2001:db8::/32"),
        ("mac", "0053.00AA.bbcc", "00:53:00:aa:bb:cc"),
        ("vlan_ranges", "6, 2,5 ,3", "2-3,5-6"),
        ("vlan_ranges", [10, 11, 12, 20], "10-12,20"),
        ("vlan_ranges", 5, "5"),
        ("vlan_ranges", "", ""),
        ("url", "https://example.org/a?b=c", "https://example.org/a?b=c"),
        ("json", {"a": [1, None, "x", 1.5, True, (2,)]}, {"a": [1, None, "x", 1.5, True, [2]]}),
        ("json", None, None),
    ],
)
def test_parse_keeps_one_form(kind: str, value: Any, kept: Any) -> None:
    scalar = ScalarType(ScalarKind(kind))

    parsed = scalar.parse(value)

    assert parsed == kept
    assert type(parsed) is type(kept)
    assert scalar.parse(parsed) == kept


@pytest.mark.parametrize(
    ("kind", "value", "message"),
    [
        ("string", None, "a value is needed"),
        ("string", 5, "must be text"),
        ("string", "two\nlines", "must be on one line"),
        ("string", "nul\x00", "must not contain characters that cannot be stored"),
        ("string", "half \ud800", "must not contain characters that cannot be stored"),
        ("string", "x" * 1001, "must be at most 1000 characters"),
        ("integer", True, "must be a whole number"),
        ("integer", 1.5, "must be a whole number"),
        ("integer", "9" * 30, "must be a whole number"),
        ("integer", 2**63, "must fit in 64 bits"),
        ("decimal", True, "must be a number"),
        ("decimal", "ten", "must be a number"),
        ("decimal", "NaN", "must be a finite number"),
        ("decimal", "1e99", "must have at most 38 digits"),
        ("decimal", "1" * 39, "must have at most 38 digits"),
        ("boolean", 1, "must be true or false"),
        ("boolean", "yes", "must be true or false"),
        ("datetime", "soon", "must be a date and time such as 2030-01-31T12:00:00+01:00"),
        ("datetime", "2030-01-31T12:00:00", "must carry a time zone, such as +01:00 or Z"),
        ("datetime", "0001-01-01T00:00:00+10:00", "must lie between the years 1 and 9999"),
        ("uuid", "1", "must be a UUID"),
        ("ip_address", 1, "must be an IPv4 or IPv6 address"),
        ("ip_network", "192.0.2.1/24", "must be an IPv4 or IPv6 network without host bits, such as 192.0.2.0/24"),
        ("mac", "00:53", "must be a MAC address such as 00:53:00:aa:bb:cc"),
        ("vlan_ranges", "5-2", "must be VLANs between 0 and 4094, such as 2,5-6"),
        ("vlan_ranges", "4095", "must be VLANs between 0 and 4094, such as 2,5-6"),
        ("vlan_ranges", "a", "must be VLANs between 0 and 4094, such as 2,5-6"),
        ("vlan_ranges", True, "must be VLANs between 0 and 4094, such as 2,5-6"),
        ("vlan_ranges", {"a": 1}, "must be VLANs between 0 and 4094, such as 2,5-6"),
        ("url", "javascript:alert(1)", "must be an address with host that begins with http, https, ftp, sftp, ssh"),
        ("url", "http://[", "must be an address with host that begins with http, https, ftp, sftp, ssh"),
        ("json", {1: 2}, "must be JSON: every key is a text"),
        ("json", {"a": {1, 2}}, "must be JSON"),
        ("json", float("nan"), "must be JSON"),
        ("json", 2**70, "must fit in 64 bits"),
        ("json", ["\x00"], "must not contain characters that cannot be stored"),
    ],
)
def test_parse_refuses_in_plain_words(kind: str, value: Any, message: str) -> None:
    with pytest.raises(ValueError, match=r".") as refused:
        ScalarType(ScalarKind(kind)).parse(value)

    assert str(refused.value) == message


def test_json_refuses_deep_nesting() -> None:
    deep: list[Any] = []
    for _ in range(60):
        deep = [deep]

    with pytest.raises(ValueError, match="must not be nested deeper than 50"):
        ScalarType(ScalarKind.JSON).parse(deep)


@pytest.mark.parametrize(
    ("scalar", "value", "message"),
    [
        (ScalarType(ScalarKind.ENUM, choices=("a", "b")), "c", "must be one of a, b"),
        (ScalarType(ScalarKind.INTEGER, choices=(10, 20)), 15, "must be one of 10, 20"),
        (ScalarType(ScalarKind.STRING, min_length=3), "ab", "must be at least 3 characters"),
        (ScalarType(ScalarKind.TEXT, max_length=3), "abcd", "must be at most 3 characters"),
        (ScalarType(ScalarKind.STRING, pattern="[a-z]+"), "ab1", r"must match the pattern [a-z]+"),
        (ScalarType(ScalarKind.INTEGER, minimum=Decimal(1)), 0, "must be at least 1"),
        (ScalarType(ScalarKind.DECIMAL, maximum=Decimal("1.50")), "1.6", "must be at most 1.5"),
    ],
)
def test_constraints_are_checked(scalar: ScalarType, value: Any, message: str) -> None:
    with pytest.raises(ValueError, match=r".") as refused:
        scalar.parse(value)

    assert str(refused.value) == message


def test_values_within_constraints_are_kept() -> None:
    assert ScalarType(ScalarKind.ENUM, choices=("a", "b")).parse("b") == "b"
    assert ScalarType(ScalarKind.STRING, min_length=1, max_length=3, pattern="[a-z]+").parse("abc") == "abc"
    assert ScalarType(ScalarKind.INTEGER, minimum=Decimal(1), maximum=Decimal(5)).parse(5) == 5


@pytest.mark.parametrize(
    ("constraints", "constraint", "message"),
    [
        ({"kind": ScalarKind.ENUM}, "choices", "an enum needs choices"),
        (
            {"kind": ScalarKind.STRING, "choices": ("a",)},
            "choices",
            "only an enum or an integer has choices, not string",
        ),
        ({"kind": ScalarKind.ENUM, "choices": (1,)}, "choices", "the choices of this enum must be of type str"),
        (
            {"kind": ScalarKind.INTEGER, "choices": (True,)},
            "choices",
            "the choices of this integer must be of type int",
        ),
        ({"kind": ScalarKind.ENUM, "choices": ("a", "a")}, "choices", "a choice is named twice"),
        (
            {"kind": ScalarKind.STRING, "minimum": Decimal(1)},
            "minimum",
            "only an integer or a decimal has a minimum or maximum, not string",
        ),
        (
            {"kind": ScalarKind.INTEGER, "max_length": 1},
            "max_length",
            "only a string or a text has a length, not integer",
        ),
        ({"kind": ScalarKind.INTEGER, "minimum": Decimal("NaN")}, "minimum", "a bound must be a finite number"),
        (
            {"kind": ScalarKind.INTEGER, "minimum": Decimal("1.5")},
            "minimum",
            "the bounds of an integer must be whole numbers",
        ),
        (
            {"kind": ScalarKind.INTEGER, "minimum": Decimal(2), "maximum": Decimal(1)},
            "minimum",
            "the minimum is above the maximum",
        ),
        (
            {"kind": ScalarKind.STRING, "min_length": 3, "max_length": 2},
            "min_length",
            "the shortest length is above the longest",
        ),
        ({"kind": ScalarKind.INTEGER, "pattern": "a"}, "pattern", "only a string or a text has a pattern, not integer"),
        (
            {"kind": ScalarKind.STRING, "pattern": "("},
            "pattern",
            "the pattern is not a regular expression: missing ), unterminated subpattern at position 0",
        ),
    ],
)
def test_contradictory_types_cannot_be_made(constraints: dict[str, Any], constraint: str, message: str) -> None:
    with pytest.raises(InvalidType) as refused:
        ScalarType(**constraints)

    assert (refused.value.constraint, str(refused.value)) == (constraint, message)


@pytest.mark.parametrize(
    ("kind", "kept", "python"),
    [
        ("decimal", "10.5", Decimal("10.5")),
        ("datetime", "2030-01-31T11:00:00+00:00", datetime(2030, 1, 31, 12, tzinfo=timezone(timedelta(hours=1)))),
        ("uuid", ID, UUID(ID)),
        ("ip_address", "192.0.2.1", ip_address("192.0.2.1")),
        ("ip_network", "192.0.2.0/24", ip_network("192.0.2.0/24")),
        ("vlan_ranges", "2,5-6", frozenset({2, 5, 6})),
        ("string", "a", "a"),
        ("decimal", None, None),
    ],
)
def test_python_value(kind: str, kept: Any, python: Any) -> None:
    assert ScalarType(ScalarKind(kind)).python(kept) == python


@pytest.mark.parametrize(
    ("scalar", "schema"),
    [
        (ScalarType(ScalarKind.ENUM, choices=("a", "b")), {"type": "string", "enum": ["a", "b"]}),
        (
            ScalarType(ScalarKind.INTEGER, minimum=Decimal(1), maximum=Decimal(5)),
            {"type": "integer", "minimum": 1, "maximum": 5},
        ),
        (
            ScalarType(ScalarKind.STRING, min_length=1, pattern="[a-z]+"),
            {"type": "string", "minLength": 1, "maxLength": 1000, "pattern": "^(?:[a-z]+)$"},
        ),
        (ScalarType(ScalarKind.TEXT, max_length=9), {"type": "string", "format": "long", "maxLength": 9}),
        (ScalarType(ScalarKind.JSON), {}),
    ],
)
def test_json_schema(scalar: ScalarType, schema: dict[str, Any]) -> None:
    assert scalar.json_schema() == schema


@pytest.mark.parametrize(
    "scalar",
    [
        ScalarType(ScalarKind.JSON),
        ScalarType(ScalarKind.ENUM, "status", choices=("a", "b")),
        ScalarType(ScalarKind.DECIMAL, "load", minimum=Decimal("0.5"), maximum=Decimal(100)),
        ScalarType(ScalarKind.STRING, "name", min_length=0, max_length=5, pattern="a*"),
    ],
)
def test_json_round_trip(scalar: ScalarType) -> None:
    assert ScalarType.from_json(scalar.to_json()) == scalar


@given(st.sets(st.integers(0, 4094)))
def test_vlans_round_trip(vlans: set[int]) -> None:
    scalar = ScalarType(ScalarKind.VLAN_RANGES)

    assert scalar.python(scalar.parse(vlans)) == vlans


@given(
    st.sampled_from([kind for kind in ScalarKind if kind is not ScalarKind.ENUM]), st.text() | st.floats() | st.none()
)
def test_parse_raises_nothing_but_value_error(kind: ScalarKind, value: Any) -> None:
    scalar = ScalarType(kind)
    try:
        parsed = scalar.parse(value)
    except ValueError:
        return

    assert scalar.parse(parsed) == parsed
