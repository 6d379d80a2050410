"""Rows for authors of workflows."""

import pytest

from subscriptions import queries
from tests.factories import subscriptions as make

pytestmark = pytest.mark.django_db


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


def test_a_customer_has_a_name() -> None:
    assert not queries.has_customers()

    customer = make.customer()

    assert queries.has_customers()
    assert queries.customer_name(customer.pk) == "Example"
