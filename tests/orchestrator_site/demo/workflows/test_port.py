"""Ports from order to end, on the real tables and over real HTTP."""

from typing import Any
from uuid import UUID

import pytest

from processes import actions
from processes.engine import StartRefused
from processes.models import Process
from subscriptions.queries import get
from subscriptions.workflows import SubscriptionLifecycle
from tests.orchestrator_site.demo.conftest import Office, answers, order, run_ready, subscription_of

pytestmark = pytest.mark.django_db


def begin(office: Office, node: UUID) -> Process:
    """Starts a port and leaves it to a worker."""
    return actions.start("create_port", answers(office, node, "ethernet-1/1"), by=office.operator)


def test_an_ordered_port_is_active_and_in_the_inventory(office: Office) -> None:
    node = subscription_of(office.order_node())

    process = order(office, node)

    assert process.status == "completed", process.failed_reason
    subscription = get(subscription_of(process))
    interface = office.inventory.one("dcim/interfaces", device="ams-pe-1", name="ethernet-1/1")
    assert (subscription.status, subscription.insync) == (SubscriptionLifecycle.ACTIVE, True)
    assert subscription.description == "port 10G ams-pe-1 ethernet-1/1 to the lab"
    port = subscription.port
    assert (port.ims_id, port.port_name, port.port_type) == (interface["id"], "ethernet-1/1", "10gbase-x-xfp")
    assert (port.enabled, port.auto_negotiation, port.lldp) == (True, False, False)
    assert port.node.owner_subscription_id == node
    assert (interface["enabled"], interface["mode"], interface["speed"], interface["description"]) == (
        True,
        {"value": "tagged", "label": "Tagged"},
        10_000_000,
        "to the lab",
    )


@pytest.mark.parametrize(
    ("mode", "shown"), [("untagged", {"value": "access", "label": "Access"}), ("link member", None)]
)
def test_modes_are_told_to_the_inventory(office: Office, mode: str, shown: dict[str, str] | None) -> None:
    node = subscription_of(office.order_node())

    order(office, node, port_mode=mode)

    assert office.inventory.one("dcim/interfaces", device="ams-pe-1", name="ethernet-1/1")["mode"] == shown


def test_an_interface_taken_meanwhile_fails_the_first_step(office: Office) -> None:
    node = subscription_of(office.order_node())
    pk = int(office.network.id_of("dcim/interfaces", device="ams-pe-1", name="ethernet-1/1"))
    office.inventory.http.post("/_knobs/", json={"path": f"/api/dcim/interfaces/{pk}/", "status": 503})
    failed = order(office, node)
    office.inventory.drift("dcim/interfaces", pk, enabled=True)

    again = office.retry(failed)

    assert again.status == "failed"
    assert "The interface ethernet-1/1 is in use already" in str(again.failed_reason)


def test_two_ports_never_hold_one_interface(office: Office) -> None:
    node = subscription_of(office.order_node())
    office.inventory.spoil("PATCH", "dcim/interfaces/*")
    started = [begin(office, node) for _ in range(2)]

    run_ready()

    for process in started:
        process.refresh_from_db()
    assert [process.status for process in started] == ["failed", "failed"]
    first = "port 10G ams-pe-1 ethernet-1/1 to the lab"
    told = f"Port.ims_id must be unique among all subscriptions, and “{first}” already has "
    assert str(started[1].failed_reason).startswith(told)
    assert get(subscription_of(started[1])).port.ims_id is None
    assert office.retry(started[0]).status == "completed"


def test_a_node_with_a_port_is_not_terminated(office: Office) -> None:
    node = subscription_of(office.order_node())
    order(office, node)

    def terminate() -> Any:
        return office.start("terminate_node", {"subscription_id": str(node)}, {})

    with pytest.raises(StartRefused) as refused:
        terminate()

    assert [blocker.label for blocker in refused.value.blockers] == ["port 10G ams-pe-1 ethernet-1/1 to the lab"]
