"""Reading and assigning values and blocks."""

from typing import Any

import pytest

from products.schema import FieldSchema
from subscriptions.tree import (
    Block,
    BlockNotAllowed,
    BlockReadOnly,
    ComputedField,
    TreeError,
    UnknownField,
    ValueRefused,
    blocks_of,
    node_of,
)
from tests.factories.trees import STRING, circuit_tree, node_tree, port_tree


def test_new_tree_has_what_the_model_gives() -> None:
    circuit = circuit_tree().circuit

    assert [sap.name for sap in circuit.saps] == ["SAP", "SAP"]
    assert (circuit.extra, circuit.either) == (None, None)
    assert [block.name for block in circuit.mixed] == ["Extra"]


def test_default_is_filled_in() -> None:
    assert node_tree().node.node_status == "planned"


@pytest.mark.parametrize(
    ("field", "value", "stored"),
    [
        ("ims_id", 0, 0),
        ("ims_id", None, None),
        ("tags", ["b", "a"], ("b", "a")),
        ("tags", None, ()),
        ("tags", [], ()),
        ("node_status", "active", "active"),
    ],
)
def test_value_is_read_as_assigned(field: str, value: Any, stored: Any) -> None:
    node = node_tree().node

    setattr(node, field, value)

    assert getattr(node, field) == stored


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("ims_id", "many", "Node.ims_id: must be a whole number."),
        ("node_status", "gone", "Node.node_status: must be one of planned, active."),
        ("tags", ["a", "a"], "Node.tags: must not name the same member twice."),
        ("tags", ["a", "b", "c", "d"], "Node.tags: must have at most 3 members."),
        ("tags", "text", "Node.tags: must be a list."),
    ],
)
def test_value_that_its_type_does_not_take_is_refused(field: str, value: Any, message: str) -> None:
    node = node_tree().node

    with pytest.raises(ValueRefused) as refused:
        setattr(node, field, value)

    assert str(refused.value) == message


def test_typed_value_is_python() -> None:
    sap = circuit_tree().circuit.saps[0]

    sap.vlan = "5-6,2"

    assert sap.vlan == frozenset({2, 5, 6})
    assert node_of(sap).values == {"vlan": "2,5-6"}


def test_unknown_field_names_those_there_are() -> None:
    with pytest.raises(UnknownField, match="Node has no field speed; it has: node_name, node_status"):
        node_tree().node.speed = 1
    with pytest.raises(AttributeError, match="Node has no field speed"):
        _ = node_tree().node.speed


def test_private_name_is_no_field() -> None:
    assert not hasattr(node_tree().node, "_nothing")


def test_computed_field_follows_its_parts() -> None:
    node = node_tree("ams-1")
    port = port_tree(node)
    circuit = circuit_tree().circuit
    circuit.saps[0].port = port.port
    circuit.saps[0].vlan = 7

    assert node.node.title == "node ams-1 status planned"
    assert port.port.title == "10000 port 1/1 on ams-1"
    assert [sap.title for sap in circuit.saps] == ["7 on ams-1", "? on ?"]


def test_computed_field_cannot_be_assigned() -> None:
    with pytest.raises(ComputedField, match=r"Node\.title is computed and cannot be assigned"):
        node_tree().node.title = "mine"


def test_reference_is_the_block_of_the_other_subscription() -> None:
    node = node_tree()
    port = port_tree(node)

    assert port.port.node == node.node
    assert port.port.node.owner_subscription_id == node.subscription_id
    assert hash(port.port.node) == hash(node.node)
    assert [block.name for block in blocks_of(port)] == ["Port"]


def test_block_of_a_wrong_kind_is_refused() -> None:
    node = node_tree()

    with pytest.raises(BlockNotAllowed, match=r"SAP\.port: takes a block Port, not Node"):
        circuit_tree().circuit.saps[0].port = node.node
    with pytest.raises(BlockNotAllowed, match=r"SAP\.port: takes a block, not str"):
        circuit_tree().circuit.saps[0].port = "port"


def test_foreign_block_is_refused_in_an_owned_place() -> None:
    with pytest.raises(BlockNotAllowed, match="takes a block of its own, not one of subscription"):
        circuit_tree().circuit.saps = circuit_tree().circuit.saps
    with pytest.raises(BlockNotAllowed, match="takes a block of its own"):
        node_tree().node = node_tree().node


def test_list_of_blocks_keeps_its_bounds() -> None:
    circuit = circuit_tree().circuit
    first, second = circuit.saps

    circuit.saps = [second, first]
    assert circuit.saps == (second, first)

    with pytest.raises(BlockNotAllowed, match="must have at least 2 members"):
        circuit.saps = [first]
    with pytest.raises(ValueRefused, match="takes a list of blocks, not Block"):
        circuit.saps = first
    circuit.append_block("saps")
    with pytest.raises(BlockNotAllowed, match="takes at most 3 blocks"):
        circuit.append_block("saps")


def test_own_blocks_are_assigned_as_mappings_in_their_order() -> None:
    port = port_tree(node_tree()).port
    circuit = circuit_tree().circuit
    kept = circuit.saps[1]

    circuit.saps = [{"port": port, "vlan": 7, "label": "left"}, kept, {"vlan": "8-9"}]

    assert circuit.saps[1] == kept
    assert [(sap.port, sap.vlan, sap.label) for sap in circuit.saps] == [
        (port, frozenset({7}), "left"), (None, None, None), (None, frozenset({8, 9}), None),
    ]  # fmt: skip


def test_a_block_of_several_kinds_is_a_mapping_that_names_its_kind() -> None:
    subscription = circuit_tree()

    subscription.circuit = {
        "saps": [{}, {}],
        "extra": {"remark": "inner"},
        "mixed": [{"block": "Extra", "remark": "first"}, {"block": "SAP", "vlan": 1}],
    }

    assert [block.name for block in subscription.circuit.mixed] == ["Extra", "SAP"]
    assert (subscription.circuit.extra.remark, subscription.circuit.mixed[0].remark) == ("inner", "first")
    assert [block.name for block in blocks_of(subscription)] == ["Circuit", "SAP", "SAP", "Extra", "Extra", "SAP"]


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ([{}, {"vlan": 5000}], "Circuit.saps[1].vlan: must be VLANs between 0 and 4094, such as 2,5-6."),
        ([{}, {"speed": 1}], "Circuit.saps[1] has no field speed; it has: port, spare, vlan, title."),
        ([{"title": "x"}, {}], "Circuit.saps[0].title is computed and cannot be assigned."),
        ([{"port": "1/1"}, {}], "Circuit.saps[0].port: takes a block, not str."),
        ([{"label": 7}, {}], "Circuit.saps[0].label: takes a text of 1 to 255 characters, or none."),
        ([{}, "sap"], "Circuit.saps[1]: takes a block or a mapping, not str."),
        ([{}], "Circuit.saps: must have at least 2 members."),
        ([{}, {}, {}, {}], "Circuit.saps: must have at most 3 members."),
    ],
)
def test_a_mapping_is_refused_with_its_place_and_nothing_is_changed(given: Any, message: str) -> None:
    circuit = circuit_tree().circuit
    before = circuit.saps

    with pytest.raises(TreeError) as refused:
        circuit.saps = given

    assert str(refused.value) == message
    assert circuit.saps == before


def test_a_mapping_within_a_mapping_is_refused_with_its_place() -> None:
    subscription = circuit_tree()

    with pytest.raises(ValueRefused) as refused:
        subscription.circuit = {"mixed": [{"block": "Extra", "remark": "a"}, {"block": "Extra", "remark": "x" * 1001}]}
    with pytest.raises(BlockNotAllowed, match=r"circuit\.circuit\.mixed\[0\]: needs to know which block: SAP or Extra"):
        subscription.circuit = {"mixed": [{}]}

    assert str(refused.value) == "circuit.circuit.mixed[1].remark: must be at most 1000 characters."


def test_block_cannot_stand_twice_below_one_parent() -> None:
    circuit = circuit_tree().circuit
    port = port_tree(node_tree()).port

    with pytest.raises(BlockNotAllowed, match=f"block {circuit.saps[0].subscription_instance_id} would stand twice"):
        circuit.saps = [circuit.saps[0], circuit.saps[0]]
    circuit.saps[0].port = port
    with pytest.raises(BlockNotAllowed, match="would stand twice below one parent"):
        circuit.saps[0].spare = port


def test_append_block_fills_an_optional_place_and_replaces() -> None:
    circuit = circuit_tree().circuit

    first = circuit.append_block("extra")
    second = circuit.append_block("extra")
    second.remark = "here"

    assert circuit.extra == second != first
    assert circuit.extra.remark == "here"


def test_append_block_asks_which_of_a_union() -> None:
    circuit = circuit_tree().circuit

    with pytest.raises(BlockNotAllowed, match="needs to know which block: Extra or SAP"):
        circuit.append_block("either")
    with pytest.raises(BlockNotAllowed, match="takes a block Extra or SAP, not Node"):
        circuit.append_block("either", "Node")
    assert circuit.append_block("either", "SAP").name == "SAP"
    assert circuit.either.name == "SAP"


@pytest.mark.parametrize("field", ["node_name", "missing"])
def test_append_block_needs_a_field_of_own_blocks(field: str) -> None:
    with pytest.raises((BlockNotAllowed, UnknownField)):
        node_tree().node.append_block(field)


def test_block_without_value_can_be_taken_away() -> None:
    circuit = circuit_tree().circuit
    circuit.append_block("extra")

    circuit.extra = None

    assert circuit.extra is None


def test_block_shows_what_it_is() -> None:
    node = node_tree().node
    node.label = "the first"

    assert node.label == "the first"
    assert repr(node) == f"<Block Node {node.subscription_instance_id}>"
    assert node != "Node"
    assert isinstance(node, Block)


def test_foreign_block_is_read_only() -> None:
    node = node_tree()
    foreign = Block(node_of(node.node))
    node_of(foreign).is_own = False

    with pytest.raises(BlockReadOnly, match=f"belongs to subscription {node.subscription_id} and can only be changed"):
        foreign.node_name = "x"
    with pytest.raises(BlockReadOnly, match=r"Node\.label"):
        foreign.label = "x"
    with pytest.raises(BlockReadOnly):
        foreign.append_block("node_name")


def test_computed_text_shows_a_question_mark_for_what_is_not_there() -> None:
    node = node_of(port_tree(node_tree()).port)
    text = FieldSchema("x", scalar=STRING, computed="{subscription.tag} {subscription.status} {subscription.no} {gone}")

    assert node.computed(text) == "PORT initial ? ?"
