"""Nodes from order to end, on the real tables and over real HTTP."""

import pytest

from processes.models import Process
from subscriptions.queries import get
from subscriptions.workflows import SubscriptionLifecycle
from tests.orchestrator_site.demo.conftest import Office, subscription_of

pytestmark = pytest.mark.django_db


def told(process: Process) -> list[tuple[str, str]]:
    """Name and status of each try of a step."""
    return list(process.steps.values_list("name", "status"))


def test_an_ordered_node_is_active_and_in_the_inventory(office: Office) -> None:
    process = office.order_node(node_description="first of all")

    assert process.status == "completed", process.failed_reason
    subscription = get(subscription_of(process))
    assert (subscription.status, subscription.insync) == (SubscriptionLifecycle.ACTIVE, True)
    assert subscription.description == "node ams-pe-1 (active)"
    device = office.inventory.one("dcim/devices", name="ams-pe-1")
    loopback = office.inventory.one("dcim/interfaces", device="ams-pe-1", type="virtual")
    ipv4 = office.inventory.one("ipam/ip-addresses", family=4, interface_id=loopback["id"])
    ipv6 = office.inventory.one("ipam/ip-addresses", family=6, interface_id=loopback["id"])
    node = subscription.node
    assert (node.ims_id, node.ipv4_ipam_id, node.ipv6_ipam_id) == (device["id"], ipv4["id"], ipv6["id"])
    assert (ipv4["address"], ipv6["address"]) == ("10.0.127.1/24", "fc00:0:0:127::1/64")
    assert (device["primary_ip4"]["id"], device["primary_ip6"]["id"]) == (ipv4["id"], ipv6["id"])
    assert (device["asset_tag"], device["description"]) == (str(subscription.subscription_id), "first of all")
    assert node.title == "node ams-pe-1 status active"


def test_the_steps_of_an_order_are_told(office: Office) -> None:
    process = office.order_node()

    assert [name for name, _ in told(process)][:5] == [
        "Construct node",
        "Create node in inventory",
        "Reserve loopback addresses",
        "Update node in inventory",
        "Update interfaces",
    ]
    interfaces = office.inventory.all("dcim/interfaces", device="ams-pe-1", enabled="false")
    assert [(each["name"], each["speed"]) for each in interfaces] == [
        (f"ethernet-1/{number}", 10_000_000 if number < 11 else 100_000_000) for number in range(1, 15)
    ]


def test_interfaces_are_added_only_when_asked(office: Office) -> None:
    process = office.order_node(auto_add_interfaces=False)

    assert process.status == "completed", process.failed_reason
    assert ("Update interfaces", "skipped") in told(process)
    assert [each["name"] for each in office.inventory.all("dcim/interfaces", device="ams-pe-1")] == ["Loopback0"]


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize(
    ("method", "path", "step"),
    [
        ("POST", "dcim/devices/", "Create node in inventory"),
        ("POST", "dcim/interfaces/", "Reserve loopback addresses"),
        ("POST", "ipam/prefixes/*/available-ips/", "Reserve loopback addresses"),
        ("PATCH", "dcim/devices/*", "Update node in inventory"),
    ],
)
def test_a_failed_step_is_retried_without_a_second_object(
    office: Office, when: str, method: str, path: str, step: str
) -> None:
    office.inventory.spoil(method, path, when=when)

    failed = office.order_node()
    assert (failed.status, told(failed)[-1]) == ("failed", (step, "failed"))
    assert "InventoryUnavailable" in str(failed.failed_reason) or "unavailable" in str(failed.failed_reason)
    process = office.retry(failed)

    assert process.status == "completed", process.failed_reason
    assert len(office.inventory.all("dcim/devices")) == 1
    assert len(office.inventory.all("dcim/interfaces")) == 15
    assert len(office.inventory.all("ipam/ip-addresses")) == 2


def test_a_sound_node_is_valid(office: Office) -> None:
    subscription_id = subscription_of(office.order_node())

    process = office.start("validate_node", {"subscription_id": str(subscription_id)})

    assert process.status == "completed", process.failed_reason
    assert get(subscription_id).insync is True


def test_drift_fails_the_validation_and_says_what_differs(office: Office) -> None:
    subscription_id = subscription_of(office.order_node())
    device = office.inventory.one("dcim/devices", name="ams-pe-1")
    provider = office.inventory.one("dcim/device-roles", slug="provider")
    office.inventory.drift("dcim/devices", device["id"], name="renamed", role=provider["id"])

    process = office.start("validate_node", {"subscription_id": str(subscription_id)})

    assert process.status == "inconsistent_data"
    assert str(process.failed_reason).endswith(
        "Reality differs from node ams-pe-1 (expected → actual):\n"
        "  name: ams-pe-1 → renamed\n"
        "  role: Provider Edge → Provider"
    )
    assert get(subscription_id).insync is False


def test_a_repaired_node_is_in_sync_again(office: Office) -> None:
    subscription_id = subscription_of(office.order_node())
    device = office.inventory.one("dcim/devices", name="ams-pe-1")
    office.inventory.drift("dcim/devices", device["id"], status="offline")
    failed = office.start("validate_node", {"subscription_id": str(subscription_id)})

    office.inventory.drift("dcim/devices", device["id"], status="active")
    process = office.retry(failed)

    assert (process.status, get(subscription_id).insync) == ("completed", True)


def test_a_device_that_is_gone_is_drift(office: Office) -> None:
    subscription_id = subscription_of(office.order_node())
    device = office.inventory.one("dcim/devices", name="ams-pe-1")
    assert office.inventory.http.delete(f"/api/dcim/devices/{device['id']}/").status_code == 204

    process = office.start("validate_node", {"subscription_id": str(subscription_id)})

    assert "node ams-pe-1: present → missing" in str(process.failed_reason)


def test_a_terminated_node_leaves_nothing_behind(office: Office) -> None:
    subscription_id = subscription_of(office.order_node())

    process = office.start("terminate_node", {"subscription_id": str(subscription_id)}, {})

    assert process.status == "completed", process.failed_reason
    assert get(subscription_id).status is SubscriptionLifecycle.TERMINATED
    left = [office.inventory.all(path) for path in ("dcim/devices", "dcim/interfaces", "ipam/ip-addresses")]
    assert left == [[], [], []]


def test_a_terminated_name_can_be_used_again(office: Office) -> None:
    subscription_id = subscription_of(office.order_node())
    office.start("terminate_node", {"subscription_id": str(subscription_id)}, {})

    assert office.order_node().status == "completed"
