"""Products as values: what a status lacks, JSON forms, JSON Schema."""

from typing import Any
from uuid import UUID

import pytest

from products.schema import (
    BlockSchema,
    FieldKind,
    FieldSchema,
    FixedInputSchema,
    ProductSchema,
    RequiredFrom,
    ScalarKind,
    ScalarType,
    json_schema_for,
)

NUMBER = ScalarType(ScalarKind.INTEGER, "number")
PORT = BlockSchema(
    "Port",
    "PORT",
    "A side.",
    (
        FieldSchema("ims_id", scalar=NUMBER, required_from=RequiredFrom.ACTIVE),
        FieldSchema("node", FieldKind.BLOCK, blocks=("Node",), owned=False, required_from=RequiredFrom.PROVISIONING),
    ),
)
LAG = BlockSchema(
    "Lag", fields=(FieldSchema("ports", FieldKind.SCALAR_LIST, NUMBER, required_from=RequiredFrom.ACTIVE),)
)
LINK = BlockSchema(
    "Link",
    fields=(
        FieldSchema(
            "sides", FieldKind.BLOCK_LIST, blocks=("Port",), minimum=2, maximum=2, required_from=RequiredFrom.INITIAL
        ),
        FieldSchema("spare", FieldKind.OPTIONAL_BLOCK, blocks=("Lag", "Port"), description="If one fails."),
    ),
)
PRODUCT = ProductSchema(
    product_id=UUID("6d0a6fb0-9a4c-4f3c-8f4e-0f6c3a1d2b3c"),
    name="link 10G",
    product_type="Link",
    tag="LINK",
    version=3,
    inputs=(FixedInputSchema("speed", NUMBER, 10_000),),
    roots=(FieldSchema("link", FieldKind.BLOCK, blocks=("Link",), required_from=RequiredFrom.INITIAL),),
    blocks={"Link": LINK, "Port": PORT, "Lag": LAG},
)


def gaps(tree: dict[str, Any], status: str) -> list[str]:
    return [path for path, _ in PRODUCT.missing(tree, status)]


def test_missing_names_what_a_status_lacks() -> None:
    tree = {"link": {"sides": [{"ims_id": 1, "node": "foreign"}, {"ims_id": None}], "spare": {"name": "Lag"}}}

    assert gaps(tree, "initial") == []
    assert gaps(tree, "provisioning") == ["link.sides.1.node"]
    assert gaps(tree, "active") == ["link.sides.1.ims_id", "link.sides.1.node", "link.spare.ports"]
    assert gaps(tree, "terminated") == []


def test_missing_counts_members_of_lists() -> None:
    assert gaps({"link": {"sides": [{}]}}, "initial") == ["link.sides"]
    assert gaps({"link": {"sides": None}}, "initial") == ["link.sides"]


def test_missing_names_roots() -> None:
    assert PRODUCT.missing({}, "initial") == [("link", PRODUCT.root("link"))]


def test_look_ups() -> None:
    assert PRODUCT.fixed_inputs == {"speed": 10_000}
    assert PORT.field("ims_id").scalar == NUMBER
    with pytest.raises(KeyError):
        PRODUCT.root("port")
    with pytest.raises(KeyError):
        PORT.field("name")


def test_json_round_trip() -> None:
    assert ProductSchema.from_json(PRODUCT.to_json()) == PRODUCT


def test_same_model_ignores_the_version() -> None:
    newer = ProductSchema.from_json({**PRODUCT.to_json(), "version": 4})
    other = ProductSchema.from_json({**PRODUCT.to_json(), "tag": "OTHER"})

    assert PRODUCT.same_model(newer)
    assert not PRODUCT.same_model(other)


def test_json_schema() -> None:
    port = {
        "type": "object",
        "title": "Port",
        "properties": {
            "ims_id": {"type": "integer", "title": "IMS ID"},
            "node": {"type": "string", "format": "uuid", "title": "Node", "x-blocks": ["Node"]},
        },
        "additionalProperties": False,
    }
    lag = {
        "type": "object",
        "title": "Lag",
        "properties": {
            "ports": {"type": "array", "items": {"type": "integer"}, "uniqueItems": False, "title": "Ports"}
        },
        "additionalProperties": False,
    }

    assert json_schema_for(PRODUCT) == {
        "type": "object",
        "title": "link 10G",
        "properties": {
            "link": {
                "type": "object",
                "title": "Link",
                "properties": {
                    "sides": {"type": "array", "items": port, "minItems": 2, "maxItems": 2},
                    "spare": {"oneOf": [lag, port], "description": "If one fails."},
                },
                "additionalProperties": False,
            }
        },
        "additionalProperties": False,
    }
