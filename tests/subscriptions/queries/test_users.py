"""Who refers to a block, for rules and computed values that ask."""

import pytest
from pytest_django import DjangoAssertNumQueries

from subscriptions.queries.loading import load
from tests.factories import subscriptions as make

pytestmark = pytest.mark.django_db

COUNTED = make.CATALOGUE.replace(
    '      - {name: title, computed: "port {port_name} on {node.node_name}"}\n',
    """      - {name: title, computed: "port {port_name} with {len(users('SAP'))}"}
      - {name: taken, resource_type: vlan, computed: "=users('SAP')[0].vlan"}
""",
)


def test_live_users_are_counted_in_one_query_more(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    make.catalogue(COUNTED)
    node = make.node()
    one, two, third = make.port(node, "1"), make.port(node, "2"), make.port(node, "3")
    make.circuit(one, two)
    make.circuit(one, third, status="terminated")

    with django_assert_num_queries(3):
        ports = [load(port.subscription_id).port for port in (one,)]
    assert [(port.title, port.taken) for port in ports] == [("port 1 with 1", {7})]
    assert load(third.subscription_id).port.title == "port 3 with 0"


def test_other_models_cost_nothing_more(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    node = make.node()
    port = make.port(node)

    with django_assert_num_queries(2):
        load(port.subscription_id)
