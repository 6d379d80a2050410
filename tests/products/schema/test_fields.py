"""Fields: lists, required stages, JSON forms."""

from typing import Any

import pytest

from processes.engine.values.words import read_word
from products.schema import (
    FieldKind,
    FieldSchema,
    FixedInputSchema,
    RequiredFrom,
    ScalarKind,
    ScalarType,
    UniqueScope,
    check_field,
)

NUMBER = ScalarType(ScalarKind.INTEGER, "number")
NUMBERS = FieldSchema("numbers", FieldKind.SCALAR_LIST, NUMBER, minimum=2, maximum=3, unique_items=True)


def test_parse_a_scalar() -> None:
    field = FieldSchema("number", scalar=NUMBER)

    assert field.parse("7") == 7
    assert field.parse(None) is None


@pytest.mark.parametrize(("value", "parsed"), [(None, []), ([], []), (("1", 2), [1, 2])])
def test_parse_a_list(value: Any, parsed: list[int]) -> None:
    assert NUMBERS.parse(value) == parsed


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ("1,2", "must be a list"),
        ([1, "x"], "member 2 must be a whole number"),
        ([1], "must have at least 2 members"),
        ([1, 2, 3, 4], "must have at most 3 members"),
        ([1, 1], "must not name the same member twice"),
    ],
)
def test_parse_refuses_a_list(value: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        NUMBERS.parse(value)


@pytest.mark.parametrize(
    "field",
    [
        FieldSchema("node", FieldKind.BLOCK, blocks=("Node",)),
        FieldSchema("title", scalar=ScalarType(ScalarKind.STRING), computed="x"),
    ],
)
def test_parse_refuses_what_is_not_given(field: FieldSchema) -> None:
    with pytest.raises(ValueError, match="is not a value that can be given"):
        field.parse("x")


@pytest.mark.parametrize(
    ("required_from", "statuses"),
    [
        ("never", []),
        ("initial", ["initial", "provisioning", "active", "migrating", "disabled"]),
        ("provisioning", ["provisioning", "active", "migrating", "disabled"]),
        ("active", ["active", "migrating", "disabled"]),
    ],
)
def test_required_stages(required_from: str, statuses: list[str]) -> None:
    field = FieldSchema("number", scalar=NUMBER, required_from=RequiredFrom(required_from))
    every = ["initial", "provisioning", "active", "migrating", "disabled", "terminated"]

    assert [status for status in every if field.is_required_in(status)] == statuses


def test_computed_is_never_required() -> None:
    field = FieldSchema("title", computed="x", required_from=RequiredFrom.INITIAL)

    assert not field.is_required_in("active")


def test_python_values() -> None:
    vlans = ScalarType(ScalarKind.VLAN_RANGES)

    assert FieldSchema("vlan", scalar=vlans).python("1-2") == {1, 2}
    assert FieldSchema("vlan", scalar=vlans).python(None) is None
    assert FieldSchema("vlans", FieldKind.SCALAR_LIST, vlans).python(["1", "2"]) == [{1}, {2}]
    assert FieldSchema("node", FieldKind.BLOCK, blocks=("Node",)).python("kept") == "kept"


def test_json_schema_of_a_scalar() -> None:
    field = FieldSchema("ims_id", scalar=NUMBER, description="Device id.", default=1)

    assert field.json_schema() == {
        "type": "integer",
        "title": "IMS ID",
        "description": "Device id.",
        "default": 1,
    }


def test_json_schema_of_a_list() -> None:
    assert NUMBERS.json_schema() == {
        "type": "array",
        "items": {"type": "integer"},
        "uniqueItems": True,
        "minItems": 2,
        "maxItems": 3,
        "title": "Numbers",
    }


def test_json_schema_of_a_computed_field_is_read_only() -> None:
    field = FieldSchema("title", scalar=ScalarType(ScalarKind.STRING), computed="x")

    assert field.json_schema() == {"type": "string", "maxLength": 1000, "title": "Title", "readOnly": True}


def test_json_schema_of_a_block_is_asked_from_the_product() -> None:
    with pytest.raises(ValueError, match="node holds blocks"):
        FieldSchema("node", FieldKind.BLOCK, blocks=("Node",)).json_schema()


@pytest.mark.parametrize(
    "field",
    [
        NUMBERS,
        FieldSchema("node", FieldKind.OPTIONAL_BLOCK, blocks=("A", "B"), owned=False, description="Which."),
        FieldSchema(
            "name",
            scalar=NUMBER,
            required_from=RequiredFrom.ACTIVE,
            unique_scope=UniqueScope.GLOBAL,
            modifiable=False,
        ),
        FieldSchema("title", scalar=NUMBER, computed="a {b}", default=None),
    ],
)
def test_json_round_trip(field: FieldSchema) -> None:
    assert FieldSchema.from_json(field.to_json()) == field


def test_fixed_input_round_trip() -> None:
    fixed = FixedInputSchema("vlan", ScalarType(ScalarKind.VLAN_RANGES), "1-2", "Which.")

    assert FixedInputSchema.from_json(fixed.to_json()) == fixed
    assert fixed.python_value == {1, 2}


def test_a_type_of_an_unknown_kind_goes_round_and_refuses_every_value() -> None:
    written = {"kind": "banana", "name": "x"}
    scalar = ScalarType.from_json(written)

    assert scalar.to_json() == written
    assert scalar.json_schema() == {}
    assert refusal_of(FieldSchema("x", scalar=scalar)) == "is of a kind that this release does not know"


def test_a_field_of_an_unknown_kind_refuses_every_value_and_says_why() -> None:
    field = FieldSchema("x", kind=read_word(FieldKind, "banana"), scalar=ScalarType(ScalarKind.STRING))

    assert refusal_of(field) == "is of a kind that this release does not know"
    assert [fault.message for fault in check_field(field)] == [
        "has a kind that is “banana”, which this release does not know"
    ]


def refusal_of(field: FieldSchema) -> str:
    try:
        field.parse("a")
    except ValueError as error:
        return str(error)
    return ""
