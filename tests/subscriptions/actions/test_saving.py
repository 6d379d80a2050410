"""Saving subscriptions."""

from dataclasses import replace
from functools import partial
from typing import Any

import pytest
from pytest_django import DjangoAssertNumQueries

from subscriptions import tree
from subscriptions.actions import (
    BlockInUse,
    StaleSubscription,
    StatusRefusedByUsers,
    UnsafeReference,
    ValueTaken,
    save,
)
from subscriptions.lifecycle import SubscriptionLifecycle
from subscriptions.models import BlockInstance, InstanceRelation, Subscription, SubscriptionVersion, UniqueValue
from subscriptions.queries.filters import SubscriptionFilter
from subscriptions.queries.loading import load
from tests.factories import subscriptions as make
from tests.processes.threads import together
from tests.subscriptions.conftest import ROUNDS, kinds

pytestmark = pytest.mark.django_db


def test_minted_subscription_is_what_the_product_begins_with() -> None:
    circuit = make.minted("circuit")

    row = Subscription.objects.get()
    assert (row.status, row.insync, row.version, row.description) == ("initial", False, 1, "circuit")
    assert row.start_date is None
    assert sorted(BlockInstance.objects.values_list("block_name", flat=True)) == ["Circuit", "SAP", "SAP"]
    assert tree.root_of(load(row.pk)).plain() == tree.root_of(circuit).plain()


def test_save_writes_only_what_changed(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    node = make.node()
    node.node.node_status = "active"

    with django_assert_num_queries(7):  # savepoint and release, rows, instance, unique values, subscription, version
        save([node], cause=make.CAUSE)

    assert load(node.subscription_id).node.node_status == "active"


def test_nothing_changed_writes_nothing() -> None:
    node = make.node()

    save([node], cause=make.CAUSE)

    assert Subscription.objects.get().version == node.version


def test_each_change_is_a_version_with_its_cause() -> None:
    node = make.node()
    process_id = node.subscription_id
    node.node.ims_id = 7

    save([node], cause=replace(make.CAUSE, by="jane", process_id=process_id, step_path="fill"))

    last = SubscriptionVersion.objects.latest("number")
    assert (last.number, last.by, last.process_id, last.step_path) == (node.version, "jane", process_id, "fill")
    assert last.at == make.NOW
    assert last.header["status"] == "active"
    assert last.tree["node"]["ims_id"] == 7
    assert list(SubscriptionVersion.objects.values_list("number", flat=True)) == [1, 2, 3]


def test_change_of_the_header_keeps_no_tree() -> None:
    node = make.node()
    node.note = "look"

    save([node], cause=make.CAUSE)

    last = SubscriptionVersion.objects.latest("number")
    assert (last.tree, last.header["note"]) == (None, "look")


def test_stale_subscription_is_refused() -> None:
    node = make.node()
    other = load(node.subscription_id)
    other.note = "first"
    save([other], cause=make.CAUSE)
    node.note = "second"

    with pytest.raises(StaleSubscription) as stale:
        save([node], cause=make.CAUSE)

    assert str(stale.value) == "“node ams-1” was read at version 2 and is at version 3 now; read it again."
    assert Subscription.objects.get().note == "first"


def test_several_are_saved_together_or_not_at_all() -> None:
    one, two = make.node("a"), make.node("b")
    one.note, two.note = "x", "y"
    two.node.node_name = "a"

    with pytest.raises(ValueTaken):
        save([one, two], cause=make.CAUSE)

    assert load(one.subscription_id).note is None


def test_start_and_end_are_set_once() -> None:
    node = make.node()
    assert (node.start_date, node.end_date) == (make.NOW, None)

    node.move_to("terminated")
    save([node], cause=make.CAUSE)

    row = Subscription.objects.get()
    assert (row.start_date, row.end_date) == (make.NOW, make.NOW)


def test_missing_values_refuse_a_save() -> None:
    node = make.node()
    node.node.ims_id = None

    with pytest.raises(tree.ValuesMissing, match=r"node\.ims_id"):
        save([node], cause=make.CAUSE)


def test_unique_value_is_refused_naming_the_rule_and_the_holder() -> None:
    make.node("ams-1")

    with pytest.raises(ValueTaken) as taken:
        make.node("ams-1")

    assert str(taken.value) == (
        "Node.node_name must be unique among all subscriptions, and “node ams-1” already has 'ams-1'."
    )


def test_unique_value_is_free_again_when_let_go() -> None:
    first = make.node("ams-1")
    first.node.node_name = "ams-2"
    save([first], cause=make.CAUSE)
    second = make.node("ams-1")
    second.move_to("terminated")
    save([second], cause=make.CAUSE)

    make.node("ams-1")

    assert UniqueValue.objects.count() == 2


def test_blocks_of_a_list_are_added_removed_and_reordered() -> None:
    node = make.node()
    ports = [make.port(node, f"1/{number}") for number in range(4)]
    circuit = make.circuit(*ports[:2])
    first, second = circuit.circuit.saps
    third = circuit.circuit.append_block("saps")
    third.port = ports[2].port

    circuit = make.changed(circuit)
    circuit.circuit.saps = [circuit.circuit.saps[2], circuit.circuit.saps[1]]
    circuit = make.changed(circuit)

    assert circuit.circuit.saps == (third, second)
    assert not BlockInstance.objects.filter(pk=first.subscription_instance_id).exists()
    assert InstanceRelation.objects.filter(subscription=circuit.subscription_id).count() == 5


def test_foreign_block_loses_only_its_relation() -> None:
    node, other = make.node("a"), make.node("b")
    port = make.port(node)

    port.port.node = other.node
    port = make.changed(port)

    assert port.port.node == other.node
    assert BlockInstance.objects.filter(pk=node.node.subscription_instance_id).exists()


def test_block_in_use_cannot_be_removed() -> None:
    node = make.node()
    make.port(node)
    root = tree.root_of(node)
    root.children["node"] = []
    root.add(root.schema_of("node"), "")
    node.node.node_name = "new"
    node.node.ims_id = 2

    with pytest.raises(BlockInUse, match="A block Node cannot be removed: it is used by port 1/1"):
        save([node], cause=make.CAUSE)


def test_block_that_only_a_terminated_subscription_refers_to_can_be_removed() -> None:
    node, other = make.node("a"), make.node("b")
    ports = [make.port(node, name) for name in ("1/1", "1/2")]
    circuit = make.circuit(*ports)
    circuit.move_to("terminated")
    save([circuit], cause=make.CAUSE)
    root = tree.root_of(ports[0])
    root.children["port"] = []
    root.add(root.schema_of("port"), "")
    ports[0].port.port_name = "2/1"
    ports[0].port.node = other.node

    save([ports[0]], cause=make.CAUSE)

    left = load(circuit.subscription_id)
    assert [sap.port and sap.port.port_name for sap in left.circuit.saps] == [None, "1/2"]
    told = SubscriptionVersion.objects.filter(subscription=circuit.subscription_id, tree__isnull=False).latest("number")
    assert told.tree["circuit"]["saps"][0]["port"]["name"] == "Port"


def test_terminating_what_is_in_use_is_refused() -> None:
    node = make.node()
    port = make.port(node)
    node.move_to("terminated")

    with pytest.raises(StatusRefusedByUsers, match="cannot become terminated while it is used by port 1/1"):
        save([node], cause=make.CAUSE)

    port.move_to("terminated")
    save([port], cause=make.CAUSE)
    save([node], cause=make.CAUSE)
    assert Subscription.objects.live().count() == 0


def test_use_of_what_is_terminated_is_refused() -> None:
    node = make.node()
    port = make.port(make.node("other"))
    gone = load(node.subscription_id)
    gone.move_to("terminated")
    save([gone], cause=make.CAUSE)
    port.port.node = node.node

    with pytest.raises(UnsafeReference, match="“port 1/1” cannot use “node ams-1”, which is terminated"):
        save([port], cause=make.CAUSE)


@pytest.mark.parametrize(("field", "value"), [("ims_id", 0), ("tags", []), ("node_status", None)])
def test_empty_values_come_back(field: str, value: Any) -> None:
    node = make.node()

    setattr(node.node, field, value)

    expected = () if value == [] else value
    assert getattr(make.changed(node).node, field) == expected


ONE_VLAN = """    rules:
      - rule: not overlap(sap.vlan for sap in users("SAP"))
        message: A VLAN is used once on a port.
  - name: SAP
"""


def ports_with_a_rule() -> list[tree.Subscription]:
    make.catalogue(make.CATALOGUE.replace("  - name: SAP\n", ONE_VLAN))
    node = make.node()
    return [make.port(node, name) for name in ("1", "2", "3")]


def test_a_broken_rule_refuses_a_save_and_nothing_is_saved() -> None:
    ports = ports_with_a_rule()
    make.circuit(ports[0], ports[1])

    with pytest.raises(tree.RulesBroken, match=r"port 1: A VLAN is used once on a port\."):
        make.circuit(ports[0], ports[2])
    circuit = make.minted("circuit")
    for sap, port, vlan in zip(circuit.circuit.saps, ports[::2], (8, 9), strict=True):
        sap.port, sap.vlan = port.port, vlan
    save([circuit], cause=make.CAUSE)
    circuit.circuit.saps[0].vlan = 7
    with pytest.raises(tree.RulesBroken):
        save([circuit], cause=make.CAUSE)

    assert load(circuit.subscription_id).circuit.saps[0].vlan == {8}


@pytest.mark.usefixtures("offered")
def test_of_two_that_break_a_rule_together_one_is_saved() -> None:
    ports = ports_with_a_rule()
    for _ in range(ROUNDS):
        circuits = [make.minted("circuit") for _ in range(2)]
        for circuit, end in zip(circuits, ports[1:], strict=True):
            circuit.circuit.saps = [{"port": ports[0].port, "vlan": 100}, {"port": end.port}]

        outcomes = together([partial(save, [one], cause=make.CAUSE) for one in circuits])

        assert kinds(outcomes) == ["RulesBroken", "done"]
        won = load(circuits[outcomes.index(None)].subscription_id)
        won.move_to("terminated")
        save([won], cause=make.CAUSE)


@pytest.mark.usefixtures("offered")
def test_of_two_changes_that_break_a_rule_together_one_is_saved() -> None:
    ports = ports_with_a_rule()
    circuits = [make.minted("circuit") for _ in range(2)]
    for number, (circuit, end) in enumerate(zip(circuits, ports[1:], strict=True)):
        circuit.circuit.saps = [{"port": ports[0].port, "vlan": number}, {"port": end.port}]
        save([circuit], cause=make.CAUSE)
    for number in range(ROUNDS):
        circuits = [load(circuit.subscription_id) for circuit in circuits]
        for circuit in circuits:
            circuit.circuit.saps[0].vlan = 100 + number

        outcomes = together([partial(save, [one], cause=make.CAUSE) for one in circuits])

        assert kinds(outcomes) == ["RulesBroken", "done"]


@pytest.mark.usefixtures("offered")
def test_of_two_saves_of_one_version_one_is_stale() -> None:
    node = make.node()
    for number in range(ROUNDS):
        copies = [load(node.subscription_id) for _ in range(2)]
        for place, one in enumerate(copies):
            one.node.ims_id = 10 * number + place + 2

        outcomes = together([partial(save, [one], cause=make.CAUSE) for one in copies])

        assert kinds(outcomes) == ["StaleSubscription", "done"]
        won = outcomes.index(None)
        assert load(node.subscription_id).node.ims_id == copies[won].node.ims_id
        assert isinstance(outcomes[1 - won], StaleSubscription)
    numbers = SubscriptionVersion.objects.filter(subscription=node.subscription_id).values_list("number", flat=True)
    assert list(numbers) == list(range(1, 3 + ROUNDS))


@pytest.mark.usefixtures("offered")
def test_of_two_unique_values_one_is_taken() -> None:
    for number in range(ROUNDS):
        nodes = [make.minted("node") for _ in range(2)]
        for one in nodes:
            one.node.node_name = f"ams-{number}"

        outcomes = together([partial(save, [one], cause=make.CAUSE) for one in nodes])

        assert kinds(outcomes) == ["ValueTaken", "done"]
        assert isinstance(next(one for one in outcomes if one is not None), ValueTaken)


@pytest.mark.usefixtures("offered")
@pytest.mark.parametrize("status", ["provisioning", "active"])
def test_what_is_used_is_not_terminated_and_what_ends_is_not_used(status: str) -> None:
    for number in range(ROUNDS):
        node, port = make.node(f"ams-{number}"), make.minted("port 10G")
        ending = load(node.subscription_id)
        ending.move_to(SubscriptionLifecycle.TERMINATED)
        port.port.port_name, port.port.node = "1/1", node.node
        port.move_to(status)

        outcomes = together([partial(save, [one], cause=make.CAUSE) for one in (ending, port)])

        assert len([one for one in outcomes if one is None]) == 1, outcomes
        expected = UnsafeReference if outcomes[0] is None else StatusRefusedByUsers
        assert isinstance(outcomes[0] or outcomes[1], expected)


def found_by(words: str) -> list[str]:
    rows = SubscriptionFilter({"search": words}, queryset=Subscription.objects.order_by("description")).qs
    return [row.description for row in rows]


def test_subscriptions_are_found_by_computed_values() -> None:
    node = make.node("ams-1")
    port = make.port(node)

    assert found_by("status planned") == ["node ams-1"]
    assert found_by("1/1 on ams") == ["port 1/1"]
    assert Subscription.objects.filter(instances__values__title="port 1/1 on ams-1").get().pk == port.subscription_id
    node.node.node_status = "active"
    make.changed(node)
    assert (found_by("status planned"), found_by("STATUS ACTIVE")) == ([], ["node ams-1"])
    port.port.node = make.node("bru-1").node
    assert make.changed(port).port.title == "port 1/1 on bru-1"
    assert (found_by("1/1 on ams"), found_by("1/1 on bru")) == ([], ["port 1/1"])


def test_a_value_that_another_block_of_the_subscription_changes_is_kept_as_it_is_now() -> None:
    ends = '      - {name: ends, resource_type: title, computed: "{[sap.vlan for sap in saps]} {subscription.note}"}\n'
    make.catalogue(make.CATALOGUE.replace("      - {name: extra,", f"{ends}      - {{name: extra,"))
    node = make.node()
    circuit = make.circuit(make.port(node, "1"), make.port(node, "2"))
    assert found_by("7, 7 ?") == ["circuit"]

    circuit.circuit.saps[0].vlan = 8
    circuit = make.changed(circuit)
    assert found_by("8, 7 ?") == ["circuit"]
    circuit.note = "new"
    make.changed(circuit)

    assert found_by("8, 7 new") == ["circuit"]


def test_what_is_computed_anew_is_found_from_then_on() -> None:
    node = make.node("ams-1")

    make.catalogue(make.CATALOGUE.replace("node {node_name} status", "router {node_name} has status"))

    assert (found_by("router ams-1 has"), load(node.subscription_id).version) == (["node ams-1"], node.version)
