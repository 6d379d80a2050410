"""Rules of a whole catalogue: each thing that cannot be built, in words."""
# ruff: noqa: E501 - messages as people read them

from typing import Any
from uuid import uuid4

import pytest

from products.schema import (
    BlockSchema,
    FieldFault,
    FieldKind,
    FieldSchema,
    FixedInputSchema,
    ProductSchema,
    RequiredFrom,
    ScalarKind,
    ScalarType,
    UniqueScope,
    check_blocks,
    check_field,
    check_name,
    check_product,
    owned_closure,
)

TEXT = ScalarType(ScalarKind.STRING, "text")
NUMBER = ScalarType(ScalarKind.INTEGER, "number")


def scalar(**more: Any) -> FieldSchema:
    return FieldSchema(**{"name": "value", "scalar": NUMBER, **more})


def holds(name: str, *blocks: str, kind: FieldKind = FieldKind.BLOCK, **more: Any) -> FieldSchema:
    return FieldSchema(name, kind, blocks=blocks, **more)


def catalogue(*blocks: BlockSchema) -> dict[str, BlockSchema]:
    return {block.name: block for block in blocks}


@pytest.mark.parametrize(
    "field",
    [
        scalar(),
        scalar(kind=FieldKind.SCALAR_LIST, minimum=0, maximum=3, default=[1]),
        scalar(unique_scope=UniqueScope.PRODUCT),
        scalar(scalar=TEXT, computed="{a} on {node.name_of}"),
        holds("node", "Node", owned=False, required_from=RequiredFrom.ACTIVE),
        holds("sides", "Port", "Lag", kind=FieldKind.BLOCK_LIST, minimum=2, maximum=2),
    ],
)
def test_sound_fields(field: FieldSchema) -> None:
    assert check_field(field) == []


@pytest.mark.parametrize(
    ("field", "attribute", "message"),
    [
        (
            scalar(name="1st"),
            "name",
            "“1st” must be a name of letters, digits and underscores that does not begin with a digit",
        ),
        (scalar(name="label"), "name", "“label” is a name that the system itself uses; choose another"),
        (holds("node"), "blocks", "must name the block it holds"),
        (holds("node", "Node", scalar=NUMBER), "scalar", "holds blocks, so it has no resource type"),
        (scalar(scalar=None), "scalar", "must have a resource type"),
        (scalar(blocks=("Node",)), "blocks", "holds values, so it names no block"),
        (scalar(owned=False), "owned", "holds values, so it is always owned"),
        (
            holds("node", "Node", kind=FieldKind.OPTIONAL_BLOCK, required_from=RequiredFrom.ACTIVE),
            "required_from",
            "is an optional block, so it is never required; choose a block instead",
        ),
        (
            holds("side", "A", "B", required_from=RequiredFrom.INITIAL),
            "required_from",
            "may be one of several blocks, so it cannot be required from initial: nobody could say which is meant",
        ),
        (scalar(minimum=1), "minimum", "is not a list, so it has no minimum, maximum or unique members"),
        (
            scalar(kind=FieldKind.SCALAR_LIST, maximum=0),
            "maximum",
            "must have a maximum between 1 and 1000000",
        ),
        (
            scalar(kind=FieldKind.SCALAR_LIST, minimum=501),
            "minimum",
            "must have a minimum between 0 and 500",
        ),
        (
            scalar(kind=FieldKind.SCALAR_LIST, minimum=3, maximum=2),
            "minimum",
            "cannot have at least 3 and at most 2 members",
        ),
        (
            scalar(kind=FieldKind.SCALAR_LIST, unique_scope=UniqueScope.GLOBAL),
            "unique_scope",
            "is not a single value, so it has no unique scope",
        ),
        (holds("node", "Node", default={}), "default", "holds blocks, so it has no default"),
        (scalar(default=1, unique_scope=UniqueScope.GLOBAL), "default", "must be unique, so it has no default"),
        (scalar(default="x"), "default", "has a default that must be a whole number"),
        (
            scalar(computed="x"),
            "scalar",
            "is computed as a text, so it must be a string or text; = begins other values",
        ),
        (
            scalar(scalar=TEXT, computed="x", default="y"),
            "computed",
            "is computed, so it has no default and no unique scope",
        ),
        (
            scalar(scalar=TEXT, computed="{a"),
            "computed",
            "is computed, and has a brace without its partner (at character 1)",
        ),
        (
            scalar(scalar=TEXT, computed="{a!r}"),
            "computed",
            "is computed, and has in braces “a!r”, which cannot be read: invalid syntax (at character 3)",
        ),
    ],
)
def test_unsound_fields(field: FieldSchema, attribute: str, message: str) -> None:
    assert check_field(field) == [FieldFault(attribute, message)]


def test_names_for_authors() -> None:
    assert check_name("ims_id") == ""
    assert check_name("class") != ""
    assert check_name("_hidden") != ""
    assert check_name("größe") != ""


def test_blocks_that_fit_together() -> None:
    blocks = catalogue(
        BlockSchema("Node", fields=(scalar(name="node_name", scalar=TEXT), scalar(name="ims_id"))),
        BlockSchema(
            "Port",
            fields=(
                holds("node", "Node", owned=False),
                scalar(name="title", scalar=TEXT, computed="{node.node_name} at {subscription.speed}"),
                scalar(name="long_title", scalar=TEXT, computed="the {title}"),
            ),
        ),
    )

    assert check_blocks(blocks) == []


@pytest.mark.parametrize(
    ("blocks", "problems"),
    [
        (
            [BlockSchema("A", fields=(scalar(), scalar()))],
            ["block A: the field value is named twice"],
        ),
        (
            [BlockSchema("A", fields=(holds("b", "B"),))],
            ["block A, field b: there is no block “B”"],
        ),
        (
            [BlockSchema("A", fields=(holds("b", "B"),)), BlockSchema("B", fields=(holds("a", "A"),))],
            ["block A: would own itself: A → B → A"],
        ),
        (
            [BlockSchema("A", fields=(scalar(name="title", scalar=TEXT, computed="{value}"),))],
            [
                "block A, field title: has in braces “value”, which refers to nothing: there is no “value”; there is title (at character 1)"
            ],
        ),
        (
            [BlockSchema("A", fields=(scalar(name="title", scalar=TEXT, computed="{subscription.a.b}"),))],
            [
                "block A, field title: has in braces “subscription.a.b”, which asks a fact of the subscription for its b (at character 1)"
            ],
        ),
        (
            [BlockSchema("A", fields=(scalar(), scalar(name="title", scalar=TEXT, computed="{value.more}")))],
            ["block A, field title: has in braces “value.more”, which asks a number for its more (at character 1)"],
        ),
        (
            [
                BlockSchema(
                    "A",
                    fields=(
                        scalar(name="title", scalar=TEXT, computed="{short}"),
                        scalar(name="short", scalar=TEXT, computed="{title}"),
                    ),
                ),
            ],
            ["block A, field title: would be computed from itself: A.title → A.short → A.title"],
        ),
    ],
)
def test_blocks_that_cannot_be_built(blocks: list[BlockSchema], problems: list[str]) -> None:
    assert [str(problem) for problem in check_blocks(catalogue(*blocks))] == problems


def test_references_may_go_round() -> None:
    blocks = catalogue(
        BlockSchema("A", fields=(holds("b", "B", owned=False),)), BlockSchema("B", fields=(holds("a", "A"),))
    )

    assert check_blocks(blocks) == []


def test_shared_blocks_are_no_cycle() -> None:
    blocks = catalogue(
        BlockSchema("A", fields=(holds("b", "B"), holds("c", "C"))),
        BlockSchema("B", fields=(holds("c", "C"),)),
        BlockSchema("C"),
    )

    assert check_blocks(blocks) == []
    assert list(owned_closure(["A", "unknown"], blocks)) == ["A", "B", "C"]


def test_products_that_cannot_be_built() -> None:
    blocks = catalogue(
        BlockSchema("A", fields=(scalar(name="title", scalar=TEXT, computed="{subscription.speed} {subscription.x}"),))
    )
    product = ProductSchema(
        product_id=uuid4(),
        name="p",
        product_type="P",
        tag="P",
        version=0,
        inputs=(FixedInputSchema("speed", NUMBER, "fast"), FixedInputSchema("status", NUMBER, 1)),
        roots=(holds("a", "A"), holds("a", "B")),
        blocks=owned_closure(["A"], blocks),
    )

    assert [str(problem) for problem in check_product(product, blocks)] == [
        "product p: “a” is used twice",
        "product p, root a: there is no block “B”",
        "product p, fixed input speed: must be a whole number",
        "product p, fixed input status: “status” is a name that the system itself uses; choose another",
        "product p: A.title computes from subscription.x, which is not there",
    ]
