"""Rules of a model and computed values, on a tree."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from products.schema import BlockSchema, FieldSchema, RuleSchema, ScalarKind, ScalarType
from subscriptions.lifecycle import SubscriptionLifecycle
from subscriptions.tree import (
    BrokenRule,
    RulesBroken,
    Subscription,
    broken_rules,
    check_rules,
    node_of,
    refresh_users,
    root_of,
)
from tests.factories.trees import CIRCUIT, EXTRA, PORT, SAP, new_tree, node_tree, port_tree, product_schema


def with_rules(block: BlockSchema, *rules: str) -> BlockSchema:
    return replace(block, rules=tuple(RuleSchema(rule, f"{rule} is broken.") for rule in rules))


def circuit_with(*rules: str, sap: BlockSchema = SAP, product_rules: tuple[str, ...] = ()) -> Subscription:
    schema = product_schema("circuit", "circuit", with_rules(CIRCUIT, *rules), sap, EXTRA)
    made = tuple(RuleSchema(rule, f"{rule} is broken.") for rule in product_rules)
    return new_tree(replace(schema, rules=made))


def test_rules_are_broken_with_their_place_and_message() -> None:
    sap_rule = "vlan is None or len(vlan) == 1"
    circuit = circuit_with(
        "not overlap(sap.vlan for sap in saps)", sap=with_rules(SAP, sap_rule), product_rules=("circuit.extra != None",)
    )
    circuit.circuit.saps = [{"vlan": 7}, {"vlan": "7-8"}]

    with pytest.raises(RulesBroken) as broken:
        check_rules(circuit)

    assert broken.value.rules == (
        BrokenRule("", "circuit.extra != None is broken."),
        BrokenRule("circuit", "not overlap(sap.vlan for sap in saps) is broken."),
        BrokenRule("circuit.saps.1", f"{sap_rule} is broken."),
    )
    assert str(broken.value).startswith("circuit.extra != None is broken.; circuit: not overlap")


def test_a_rule_that_is_neither_kept_nor_broken_is_kept() -> None:
    circuit = circuit_with("main.vlan == extra", "saps[0].port.enabled", "saps[5].port.enabled")

    assert broken_rules(circuit) == []


def test_a_rule_that_cannot_be_worked_out_says_so() -> None:
    circuit = circuit_with("len(saps) / 0 > 1")

    assert broken_rules(circuit) == [BrokenRule("circuit", "len(saps) / 0 > 1 is broken. (the rule divides by zero)")]


def test_what_is_terminated_keeps_no_rules() -> None:
    circuit = circuit_with("len(saps) > 5")
    root_of(circuit).owner.status = SubscriptionLifecycle.TERMINATED

    check_rules(circuit)


def test_a_rule_on_use_holds_for_whoever_uses() -> None:
    rule = "not overlap(sap.vlan for sap in users('SAP'))"
    port = new_tree(product_schema("port", "port", with_rules(PORT, rule), speed=10))
    circuit = circuit_with()
    circuit.circuit.saps = [{"port": port.port, "vlan": 7}, {"port": port.port, "vlan": 8}]

    assert broken_rules(circuit) == []  # nobody has looked who refers to it
    node_of(port.port).used_by = []
    assert broken_rules(circuit) == []
    circuit.circuit.saps[1].vlan = "7-9"
    assert broken_rules(circuit) == [BrokenRule("A port", f"{rule} is broken.")]


def test_users_of_other_subscriptions_stay_when_those_of_ours_change() -> None:
    port = new_tree(product_schema("port", "port", with_rules(PORT, "len(users('SAP')) < 9"), speed=10))
    other, circuit = circuit_with(), circuit_with()
    circuit.circuit.saps[0].port = port.port
    node_of(port.port).used_by = [node_of(other.circuit.saps[0])]

    refresh_users(root_of(circuit))

    assert node_of(port.port).used_by == [node_of(other.circuit.saps[0]), node_of(circuit.circuit.saps[0])]


@pytest.mark.parametrize(
    ("kind", "computed", "value"),
    [
        (ScalarKind.INTEGER, "=len(saps)", 2),
        (ScalarKind.DECIMAL, "=len(saps) / 4", Decimal("0.5")),
        (ScalarKind.VLAN_RANGES, "=saps[0].vlan | saps[1].vlan", {1, 2, 5}),
        (ScalarKind.STRING, "{len(saps)} ends: {[sap.vlan for sap in saps]}", "2 ends: 1-2, 5"),
        (ScalarKind.STRING, "=saps[0].title + '!'", "1-2 on ?!"),
        (ScalarKind.BOOLEAN, "=extra is None", True),
        (ScalarKind.INTEGER, "=len(saps) / 0", None),
        (ScalarKind.INTEGER, "=len(saps) / 4", None),
        (ScalarKind.INTEGER, "=saps[7].vlan[0]", None),
        (ScalarKind.STRING, "{extra.remark} of {subscription.status}", "? of initial"),
        (ScalarKind.STRING, "{len(saps) / 0}", "?"),
    ],
)
def test_computed_value(kind: ScalarKind, computed: str, value: Any) -> None:
    made = FieldSchema("made", scalar=ScalarType(kind), computed=computed)
    block = replace(CIRCUIT, fields=(*CIRCUIT.fields, made))
    circuit = new_tree(product_schema("circuit", "circuit", block, SAP, EXTRA))
    circuit.circuit.saps = [{"vlan": "1-2"}, {"vlan": "5"}]

    assert circuit.circuit.made == value


def test_a_computed_value_reads_those_of_others() -> None:
    title = FieldSchema("title", scalar=ScalarType(ScalarKind.STRING), computed="{port.title}: {len(port.node.tags)}")
    sap = replace(SAP, fields=(*SAP.fields[:3], title))
    circuit = new_tree(product_schema("circuit", "circuit", CIRCUIT, sap, EXTRA))
    circuit.circuit.saps[0].port = port_tree(node_tree()).port

    assert circuit.circuit.saps[0].title == "10000 port 1/1 on ams-1: 0"
