"""Rules and computed values, held against all blocks there are."""

from typing import Any

import pytest

from products.schema import (
    BlockSchema,
    FieldKind,
    FieldSchema,
    ProductSchema,
    RuleSchema,
    ScalarKind,
    ScalarType,
    check_blocks,
    check_product,
)
from tests.factories.trees import CIRCUIT, EXTRA, NODE, PORT, SAP, product_schema

BLOCKS = {block.name: block for block in (CIRCUIT, EXTRA, NODE, PORT, SAP)}


def with_rules(block: BlockSchema, *rules: str) -> dict[str, BlockSchema]:
    made = tuple(RuleSchema(rule, "No.") for rule in rules)
    return {**BLOCKS, block.name: BlockSchema(block.name, fields=block.fields, rules=made)}


def with_field(block: BlockSchema, kind: ScalarKind, computed: str, **more: Any) -> dict[str, BlockSchema]:
    choices = ("a",) if kind is ScalarKind.ENUM else ()
    field = FieldSchema("made", scalar=ScalarType(kind, choices=choices), computed=computed, **more)
    return {**BLOCKS, block.name: BlockSchema(block.name, fields=(*block.fields, field))}


@pytest.mark.parametrize(
    ("block", "rule"),
    [
        (CIRCUIT, "len(saps) == 2 or extra is not None"),
        (CIRCUIT, "all(sap.port.node.node_status == 'active' for sap in saps)"),
        (CIRCUIT, "not overlap(sap.vlan for sap in saps)"),
        (PORT, "not overlap(sap.vlan for sap in users('SAP'))"),
        (PORT, "subscription.speed >= 100 and enabled"),
        (NODE, "len(users('Port')) <= 48"),
        (CIRCUIT, "either.remark != 'x'"),
    ],
)
def test_rules_that_can_be(block: BlockSchema, rule: str) -> None:
    found = [str(problem) for problem in check_blocks(with_rules(block, rule))]

    assert found == ([] if "either" not in rule else [
        "block Circuit, rule 1: “either.remark != 'x'” refers to nothing: SAP has no “remark”; "
        "SAP has port, spare, vlan, title (at character 1)"
    ])  # fmt: skip


@pytest.mark.parametrize(
    ("rule", "message"),
    [
        ("len(saps", "“len(saps” cannot be read: '(' was never closed (at character 4)"),
        ("len(saps)", "“len(saps)” gives a number, and a rule says yes or no"),
        (
            "all(sap.speed > 1 for sap in saps)",
            "“all(sap.speed > 1 for sap in saps)” refers to nothing: SAP has no “speed”; "
            "SAP has port, spare, vlan, title (at character 5)",
        ),
    ],
)
def test_rules_that_cannot_be_are_refused_with_their_place(rule: str, message: str) -> None:
    found = check_blocks(with_rules(CIRCUIT, "len(saps) > 1", rule))

    assert [str(problem) for problem in found] == [f"block Circuit, rule 2: {message}"]


@pytest.mark.parametrize(
    ("block", "kind", "computed"),
    [
        (CIRCUIT, ScalarKind.INTEGER, "=len(saps)"),
        (CIRCUIT, ScalarKind.STRING, "{len(saps)} ends: {[sap.title for sap in saps]}"),
        (CIRCUIT, ScalarKind.VLAN_RANGES, "=saps[0].vlan | saps[1].vlan"),
        (CIRCUIT, ScalarKind.BOOLEAN, "=extra is None"),
        (PORT, ScalarKind.INTEGER, "=subscription.speed"),
        (PORT, ScalarKind.ENUM, "='a' if enabled else 'a'"),
    ],
)
def test_computed_values_that_can_be(block: BlockSchema, kind: ScalarKind, computed: str) -> None:
    assert check_blocks(with_field(block, kind, computed)) == []


@pytest.mark.parametrize(
    ("kind", "computed", "message"),
    [
        (
            ScalarKind.INTEGER,
            "{len(saps)}",
            "is computed as a text, so it must be a string or text; = begins other values",
        ),
        (ScalarKind.STRING, "=len(saps)", "gives a number, and the field holds a text; str() makes a text of anything"),
        (ScalarKind.INTEGER, "=saps", "gives a list, and the field holds a number; str() makes a text of anything"),
        (ScalarKind.STRING, "on {main}", "has in braces “main”, which is no value but a block"),
        (ScalarKind.INTEGER, "=made + 1", "would be computed from itself: Circuit.made → Circuit.made"),
    ],
)
def test_computed_values_that_cannot_be(kind: ScalarKind, computed: str, message: str) -> None:
    found = check_blocks(with_field(CIRCUIT, kind, computed))

    assert [str(problem) for problem in found] == [f"block Circuit, field made: {message}"]


def test_a_loop_through_a_block_of_another_product_is_refused() -> None:
    title = FieldSchema("title", scalar=ScalarType(ScalarKind.STRING), computed="{peer.title}")
    peer = FieldSchema("peer", FieldKind.OPTIONAL_BLOCK, blocks=("End",), owned=False)
    end = BlockSchema("End", fields=(title, peer))

    assert [str(problem) for problem in check_blocks({"End": end})] == [
        "block End, field title: would be computed from itself: End.title → End.title"
    ]


def test_a_long_chain_of_computed_values_is_refused() -> None:
    text = ScalarType(ScalarKind.STRING)
    fields = [FieldSchema("t0", scalar=text)]
    fields += [FieldSchema(f"t{n}", scalar=text, computed=f"{{t{n - 1}}}") for n in range(1, 12)]

    assert [str(problem) for problem in check_blocks({"A": BlockSchema("A", fields=tuple(fields))})] == [
        "block A, field t11: is computed through more than 10 other computed fields"
    ]


def test_rules_of_a_product_name_its_roots_and_constants() -> None:
    good, bad = RuleSchema("port.enabled or subscription.speed > 1", "No."), RuleSchema("subscription.nope > 1", "No.")
    model = product_schema("port", "port", PORT, speed=10)
    product = ProductSchema(**{**vars(model), "rules": (good, bad, RuleSchema("node is None", "No."))})

    assert [str(problem) for problem in check_product(product, BLOCKS)] == [
        "product port, rule 2: asks for subscription.nope, which is not there",
        "product port, rule 3: “node is None” refers to nothing: there is no “node”; there is port (at character 1)",
    ]
