"""Loading trees."""

from uuid import UUID

import pytest
from pytest_django import DjangoAssertNumQueries

from subscriptions import queries, tree
from subscriptions.models import InstanceRelation
from subscriptions.queries.loading import load
from tests.factories import subscriptions as make

pytestmark = pytest.mark.django_db


def test_tree_is_loaded_with_all_that_it_refers_to() -> None:
    node = make.node()
    one, two = make.port(node, "1/1"), make.port(node, "1/2")
    circuit = make.circuit(one, two)

    loaded = queries.get(circuit.subscription_id)

    assert [sap.port.title for sap in loaded.circuit.saps] == ["port 1/1 on ams-1", "port 1/2 on ams-1"]
    assert [sap.vlan for sap in loaded.circuit.saps] == [{7}, {7}]
    assert loaded.circuit.extra is None
    assert loaded.circuit.saps[0].port.node.owner_subscription_id == node.subscription_id


def test_tree_comes_back_equal() -> None:
    node = make.node()
    node.node.tags = ["b", "a", ""]
    node.node.label = "first"
    saved = make.changed(node)

    assert tree.root_of(saved).plain() == tree.root_of(node).plain()
    assert saved.node.label == "first"
    assert saved.node.tags == ("b", "a", "")


@pytest.mark.parametrize("ports", [2, 3])
def test_tree_takes_the_same_queries_whatever_its_size(
    ports: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    node = make.node()
    circuit = make.minted("circuit")
    if ports == 3:
        circuit.circuit.append_block("saps")
    for number, sap in enumerate(circuit.circuit.saps):
        sap.port = make.port(node, f"1/{number}").port
    make.changed(circuit)

    with django_assert_num_queries(2):
        loaded = queries.get(circuit.subscription_id)

    assert len(loaded.circuit.saps) == ports


def test_circle_of_references_is_loaded() -> None:
    node = make.node()
    port = make.port(node)
    tags = "      - {name: tags, kind: scalar_list}\n"
    uplink = "      - {name: uplink, kind: optional_block, blocks: [Port], owned: false}\n"
    make.catalogue(make.CATALOGUE.replace(tags, tags + uplink))
    InstanceRelation.objects.create(
        subscription_id=node.subscription_id,
        parent_id=node.node.subscription_instance_id,
        child_id=port.port.subscription_instance_id,
        attribute="uplink",
    )

    loaded = queries.get(node.subscription_id)

    assert loaded.node.uplink.port_name == "1/1"


@pytest.mark.parametrize("subscription_id", ["not-an-id", "", str(UUID(int=7))])
def test_unknown_id_is_named(subscription_id: str) -> None:
    with pytest.raises(queries.UnknownSubscription, match=f"There is no subscription {subscription_id}"):
        queries.get(subscription_id)
    with pytest.raises(queries.UnknownBlock, match="There is no block instance"):
        queries.block(subscription_id)


def test_subscription_to_read_refuses_changes() -> None:
    node = queries.get(make.node().subscription_id)

    for name in ("description", "note"):
        with pytest.raises(tree.BlockReadOnly):
            setattr(node, name, "x")
    with pytest.raises(tree.BlockReadOnly):
        node.move_to("terminated")
    with pytest.raises(tree.BlockReadOnly):
        node.node.ims_id = 2


def test_block_is_found_by_its_id() -> None:
    node = make.node()

    block = queries.block(str(node.node.subscription_instance_id))

    assert block == node.node
    assert block.title == "node ams-1 status planned"


def test_own_block_of_a_loaded_tree_can_be_changed() -> None:
    node = load(make.node().subscription_id)

    node.node.ims_id = 2

    assert tree.changes_of(node)
