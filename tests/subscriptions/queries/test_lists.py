"""Rows and choices for authors of workflows."""

import pytest
from pydantic_forms.validators import Choice

from subscriptions import queries
from tests.factories import subscriptions as make

pytestmark = pytest.mark.django_db


def labels(choices: type[Choice]) -> dict[str, str]:
    return {str(one.value): one.label for one in choices}


def test_subscriptions_are_found_by_product_and_status() -> None:
    node = make.node("a")
    make.node("b", status="terminated")
    make.port(node)

    found = queries.subscriptions(product_type="Node", tag="NODE", status="active")

    assert [row.description for row in found] == ["node a"]
    assert [row.description for row in queries.subscriptions(tag="NODE")] == ["node a", "node b"]


def test_neighbours_are_found_both_ways() -> None:
    node = make.node()
    port = make.port(node)

    assert [row.pk for row in queries.in_use_by(node.subscription_id)] == [port.subscription_id]
    assert [row.pk for row in queries.depends_on(port.subscription_id)] == [node.subscription_id]
    assert not queries.depends_on(node.subscription_id)


def test_choices_show_descriptions() -> None:
    node = make.node("b")
    other = make.node("a")
    customer = make.customer()

    assert labels(queries.subscription_choices(tag="NODE")) == {
        str(other.subscription_id): "node a",
        str(node.subscription_id): "node b",
    }
    assert labels(queries.customer_choices()) == {str(customer.pk): "Example"}
    assert queries.customer_name(customer.pk) == "Example"


def test_blocks_of_one_subscription_are_told_apart() -> None:
    node = make.node()
    circuit = make.circuit(make.port(node, "1"), make.port(node, "2"))
    first, second = circuit.circuit.saps
    first.label = "left"
    make.changed(circuit)

    assert sorted(labels(queries.block_choices("SAP")).values()) == sorted(
        ["circuit (left)", f"circuit ({str(second.subscription_instance_id)[:8]})"]
    )
    assert labels(queries.block_choices("Node")) == {str(node.node.subscription_instance_id): "node ams-1"}
