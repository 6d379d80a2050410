"""A whole subscription: its properties, its moves, what changed, and how it is put together again."""

from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from subscriptions.lifecycle import MoveRefused
from subscriptions.tree import (
    BlockNotAllowed,
    Changes,
    Owner,
    Relation,
    Subscription,
    ValueRefused,
    ValuesMissing,
    assemble,
    changes_of,
    fill_dates,
    mark_stored,
    node_of,
    records_of,
    root_of,
    set_insync,
)
from tests.factories.trees import circuit_tree, node_tree, port_tree

NOW = datetime(2026, 3, 3, tzinfo=UTC)


def reload(subscription: Subscription, *others: Subscription) -> Subscription:
    """What comes back when the flat form is put together again, with the blocks of others it refers to."""
    own = root_of(subscription).owner
    owner = Owner(**vars(own))
    stored = [(record, owner) for record in records_of(subscription).instances.values()]
    relations = set(records_of(subscription).relations)
    for other in others:
        stored += [(record, root_of(other).owner) for record in records_of(other).instances.values()]
        relations |= {relation for relation in records_of(other).relations if relation.parent}
    ordered = sorted(relations, key=lambda one: one.position)
    return assemble(owner, subscription.product, subscription.version, stored, ordered)


def test_properties_are_read() -> None:
    port = port_tree(node_tree())

    assert (port.status, port.insync, port.version, port.note) == ("initial", False, 1, None)
    assert (port.start_date, port.end_date) == (None, None)
    assert (port.product.name, port.speed) == ("port", 10_000)
    assert repr(port) == "<Subscription A port (initial, version 1)>"


def test_fixed_input_cannot_be_changed() -> None:
    with pytest.raises(ValueRefused, match="fixed input of the product and cannot be changed"):
        port_tree(node_tree()).speed = 1


@pytest.mark.parametrize(("name", "value"), [("description", ""), ("description", "x" * 2001), ("note", "x" * 5001)])
def test_text_of_a_wrong_length_is_refused(name: str, value: str) -> None:
    with pytest.raises(ValueRefused, match=name):
        setattr(node_tree(), name, value)


@pytest.mark.parametrize("name", ["subscription_id", "status", "insync", "version", "product"])
def test_property_that_others_keep_cannot_be_assigned(name: str) -> None:
    with pytest.raises(AttributeError):
        setattr(node_tree(), name, "x")


def test_move_names_each_missing_value_and_changes_nothing() -> None:
    node = node_tree()

    with pytest.raises(ValuesMissing) as missing:
        node.move_to("active")

    assert missing.value.paths == ("node.ims_id",)
    assert str(missing.value) == "Status active needs a value for node.ims_id."
    assert node.status == "initial"


def test_move_goes_through_when_all_is_there() -> None:
    node = node_tree()
    node.node.ims_id = 1

    node.move_to("active")

    assert node.status == "active"
    with pytest.raises(MoveRefused):
        node.move_to("initial")


def test_dates_follow_the_status() -> None:
    node = node_tree()
    node.node.ims_id = 1
    node.move_to("active")

    fill_dates(node, NOW)

    assert (node.start_date, node.end_date) == (NOW, None)


def test_nothing_changed_is_no_change() -> None:
    node = node_tree()

    node.node.node_name = "ams-1"

    assert not changes_of(node)


def test_changes_of_the_header_leave_the_tree_alone() -> None:
    node = node_tree()

    node.description, node.note = "node ams-1", "look here"
    set_insync(node, True)

    changes = changes_of(node)
    assert changes.header == {"description": "node ams-1", "insync": True, "note": "look here"}
    assert not changes.is_tree_changed


def test_changed_value_is_an_update_of_its_block() -> None:
    node = node_tree()

    node.node.ims_id = 5

    changes = changes_of(node)
    assert [instance.values["ims_id"] for instance in changes.updated] == [5]
    assert changes == Changes(updated=changes.updated)
    assert changes.is_tree_changed


def test_appended_and_removed_blocks_are_seen() -> None:
    circuit = circuit_tree()
    mark_stored(circuit, 1)
    first, second = circuit.circuit.saps

    third = circuit.circuit.append_block("saps")
    circuit.circuit.saps = [third, second]

    changes = changes_of(circuit)
    parent = circuit.circuit.subscription_instance_id
    assert [instance.id for instance in changes.created] == [third.subscription_instance_id]
    assert changes.removed == (first.subscription_instance_id,)
    assert changes.related == (Relation(parent, "saps", 0, third.subscription_instance_id),)
    assert changes.unrelated == (Relation(parent, "saps", 0, first.subscription_instance_id),)


def test_new_subscription_is_all_change() -> None:
    circuit = circuit_tree()

    changes = changes_of(circuit)

    assert [instance.block for instance in changes.created] == ["Circuit", "SAP", "SAP", "Extra"]
    assert len(changes.related) == 4


def test_own_block_may_be_referred_to_where_it_stands_elsewhere() -> None:
    circuit = circuit_tree()
    inner = circuit.circuit.append_block("either", "SAP")
    other = circuit_tree()

    with pytest.raises(BlockNotAllowed, match="would stand twice"):
        circuit.circuit.main = inner
    circuit.circuit.either = None
    circuit.circuit.main = inner
    with pytest.raises(BlockNotAllowed, match="is referred to and stands nowhere"):
        records_of(circuit)
    circuit.circuit.main = other.circuit.saps[0]
    assert len(records_of(circuit).instances) == 4


def test_block_in_two_places_is_refused() -> None:
    circuit = circuit_tree()
    node = node_of(circuit.circuit)
    node.children["either"] = [node.children["saps"][0]]

    with pytest.raises(BlockNotAllowed, match="stands in two places"):
        records_of(circuit)


def test_tree_comes_back_as_it_was() -> None:
    node = node_tree("ams-1")
    port = port_tree(node)

    again = reload(port, node)

    assert root_of(again).plain() == root_of(port).plain()
    assert again.port.title == "10000 port 1/1 on ams-1"
    assert not changes_of(again)
    with pytest.raises(ValueError, match="can only be changed there"):
        again.port.node.node_name = "other"


def test_own_block_of_a_loaded_tree_can_be_changed() -> None:
    again = reload(node_tree())

    again.node.ims_id = 4

    assert [instance.values["ims_id"] for instance in changes_of(again).updated] == [4]


def test_what_the_model_no_longer_knows_is_left_out() -> None:
    node = node_tree()
    records = records_of(node)
    owner = root_of(node).owner
    (record,) = records.instances.values()
    record.values["gone"] = 1  # type: ignore[index]
    stranger = Relation(record.id, "gone", 0, uuid4())

    again = assemble(owner, node.product, 1, [(record, owner)], [*records.relations, stranger])

    assert node_of(again.node).values == {"node_name": "ams-1", "node_status": "planned"}


values = st.fixed_dictionaries(
    {},
    optional={
        "node_name": st.none() | st.text("abc-", min_size=1),
        "ims_id": st.none() | st.integers(-(2**63), 2**63 - 1),
        "tags": st.lists(st.text("xyz", min_size=1), unique=True, max_size=3),
    },
)


@given(values)
def test_any_values_come_back_as_they_were(given_values: dict[str, Any]) -> None:
    node = node_tree()
    for name, value in given_values.items():
        setattr(node.node, name, value)

    again = reload(node)

    assert root_of(again).plain() == root_of(node).plain()
