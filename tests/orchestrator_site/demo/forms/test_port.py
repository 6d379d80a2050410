"""The pages on which a port is ordered."""

from uuid import UUID

import pytest

from orchestrator_site.demo.forms.port import create_port_form
from processes.engine import StartRefused
from processes.forms import FormIncomplete, FormInvalid, walk
from processes.forms.reading import inputs
from tests.orchestrator_site.demo.conftest import Network, Office, order, subscription_of, where

pytestmark = pytest.mark.django_db


def offered(network: Network, node: UUID, product: str = "port 10G") -> list[str]:
    """The interfaces that the second page offers."""
    with pytest.raises(FormIncomplete) as due:
        walk(create_port_form, {"product": str(network.product(product))}, [where(network, node)])
    (found,) = (each for each in inputs(due.value.page.schema) if each.path == "port_ims_id")
    return [choice.label for choice in found.choices]


def test_only_free_interfaces_of_the_speed_are_offered(office: Office) -> None:
    node = subscription_of(office.order_node())
    order(office, node, "ethernet-1/2")

    assert offered(office.network, node) == [f"ethernet-1/{number}" for number in range(1, 11) if number != 2]
    assert offered(office.network, node, "port 100G") == [f"ethernet-1/{number}" for number in range(11, 15)]


def test_an_interface_promised_to_another_port_is_not_offered(office: Office) -> None:
    node = subscription_of(office.order_node())
    office.inventory.spoil("PATCH", "dcim/interfaces/*")

    failed = order(office, node)

    assert failed.status == "failed"
    assert "ethernet-1/1" not in offered(office.network, node)
    assert office.retry(failed).status == "completed"


def test_a_node_without_free_interfaces_is_refused_on_its_page(office: Office) -> None:
    node = subscription_of(office.order_node(auto_add_interfaces=False))

    with pytest.raises(FormInvalid) as invalid:
        walk(create_port_form, {"product": str(office.network.product("port 10G"))}, [where(office.network, node)])

    assert [(error["loc"], error["msg"]) for error in invalid.value.errors] == [
        (["node_subscription_id"], "This node has no free interface of 10000 Mbit/s.")
    ]


def test_without_a_node_there_is_no_port(office: Office) -> None:
    with pytest.raises(StartRefused, match="There is no active node"):
        walk(create_port_form, {"product": str(office.network.product("port 10G"))}, [])
