"""Single values: what each kind takes, keeps and refuses."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from ipaddress import ip_address, ip_network
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from processes.engine.values.json_text import LongNumber
from products.schema import InvalidType, ScalarKind, ScalarType, check_type

TOO_LARGE = "the bounds of an integer must fit in 64 bits"
TOO_LONG = "a bound must have at most 38 digits"

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
        ("integer", "9" * 30, "must fit in 64 bits"),
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
            "the pattern cannot be run in linear time: missing ): (",
        ),
        *[
            ({"kind": ScalarKind.STRING, "pattern": pattern}, "pattern", f"the pattern {message}")
            for pattern, message in [
                ("(?=a)b", "cannot be run in linear time: invalid perl operator: (?="),
                (r"(a)\1", r"cannot be run in linear time: invalid escape sequence: \1"),
                ("a{1001}", "cannot be run in linear time: invalid repetition size: {1001}"),
                ("a{4294967295}", "repeats something more than 1000 times, or has a class such as [:alpha:]"),
                ("[[:alpha:]]", "repeats something more than 1000 times, or has a class such as [:alpha:]"),
            ]
        ],
        ({"kind": ScalarKind.INTEGER, "maximum": Decimal(99999999999999999999)}, "maximum", TOO_LARGE),
        ({"kind": ScalarKind.INTEGER, "minimum": Decimal(-(2**63) - 1)}, "minimum", TOO_LARGE),
        ({"kind": ScalarKind.DECIMAL, "minimum": Decimal("1e400")}, "minimum", TOO_LONG),
        ({"kind": ScalarKind.DECIMAL, "maximum": Decimal("1e999999999")}, "maximum", TOO_LONG),
        ({"kind": ScalarKind.DECIMAL, "maximum": Decimal("0." + "1" * 39)}, "maximum", TOO_LONG),
        ({"kind": ScalarKind.STRING, "max_length": 100_001}, "max_length", "a length lies between 0 and 100000"),
        ({"kind": ScalarKind.ENUM, "choices": ("a\nb",)}, "choices", "the choice a\nb must be on one line"),
        ({"kind": ScalarKind.INTEGER, "choices": (2**63,)}, "choices", f"the choice {2**63} must fit in 64 bits"),
    ],
)
def test_types_that_contradict_themselves_or_no_door_carries_are_refused(
    constraints: dict[str, Any], constraint: str, message: str
) -> None:
    """Faults 7, 8 and 10."""
    with pytest.raises(InvalidType) as refused:
        check_type(ScalarType(**constraints))

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


@pytest.mark.parametrize("text", ["1" * 30 + "@mail", "1" * 99_000 + "@"])
def test_pattern_that_backtracks_elsewhere_answers_at_once(text: str) -> None:
    """Fault 10, H3: a number with a slip of the pen took 32 seconds."""
    phone = ScalarType(ScalarKind.TEXT, pattern=r"(\d+[.-]*)+\d+")

    with pytest.raises(ValueError, match="must match the pattern"):
        phone.parse(text)


def test_costly_pattern_says_how_long_texts_may_be() -> None:
    costly = ScalarType(ScalarKind.TEXT, pattern=".*(x.{900}|y.{999})z")

    with pytest.raises(InvalidType) as refused:
        check_type(costly)

    assert "allow at most" in str(refused.value)
    check_type(replace(costly, max_length=1000))


@pytest.mark.parametrize(
    ("stored", "value", "message"),
    [
        ({"kind": "string", "name": "s", "pattern": "(?=a)b"}, "b", "cannot be checked: the pattern cannot be run"),
        ({"kind": "decimal", "name": "d", "maximum": "NaN"}, "1", "cannot be checked: its bounds are not numbers"),
        ({"kind": "integer", "name": "i", "maximum": "1" + "0" * 40}, 2**63, "must fit in 64 bits"),
    ],
)
def test_type_that_was_stored_before_there_were_limits_is_read(stored: Any, value: Any, message: str) -> None:
    scalar = ScalarType.from_json(stored)

    with pytest.raises(ValueError, match=message):
        scalar.parse(value)
    assert scalar.to_json() == stored
    assert "maximum" not in scalar.json_schema()


@pytest.mark.parametrize(
    ("value", "kept"),
    [
        ("12345678901234567.89", "12345678901234567.89"),
        ("1234567890123456789012345678901234567.8", "1234567890123456789012345678901234567.8"),
        (LongNumber("0.1000000000000000000001"), "0.1000000000000000000001"),
        (1e37, "1" + "0" * 37),
    ],
)
def test_decimals_are_exact(value: Any, kept: str) -> None:
    """Fault 12: the 38 digits that are taken are kept."""
    assert ScalarType(ScalarKind.DECIMAL).parse(value) == kept


@pytest.mark.parametrize("value", ["1_000", "\uff11", "1e400", "1e38", "Infinity", "12-", ""])
def test_text_that_is_no_decimal_is_refused(value: str) -> None:
    with pytest.raises(ValueError, match="must"):
        ScalarType(ScalarKind.DECIMAL).parse(value)


def test_json_refuses_a_number_that_it_would_change() -> None:
    with pytest.raises(ValueError, match=r"holds the number 12345678901234567\.89"):
        ScalarType(ScalarKind.JSON).parse({"a": [LongNumber("12345678901234567.89")]})


def test_labels_of_choices_are_options_for_people() -> None:
    mode = ScalarType(ScalarKind.ENUM, choices=("tagged", "plain"), labels=(("tagged", "With tags"),))

    assert mode.json_schema() == {
        "type": "string", "enum": ["tagged", "plain"], "options": {"tagged": "With tags", "plain": "plain"},
    }  # fmt: skip
    assert ScalarType.from_json(mode.to_json()) == mode
