"""The inventory's client against the simulator over real HTTP."""

from collections.abc import Callable

import httpx2
import pytest

from orchestrator_site.demo.clients.errors import InventoryRefused, InventoryUnavailable, NotFound, Occupied
from orchestrator_site.demo.clients.inventory import Inventory, connect_to
from orchestrator_site.demo.clients.inventory_objects import (
    Address,
    Device,
    DeviceType,
    Interface,
    NewDevice,
    NewInterface,
    Prefix,
    Site,
)
from tests.fakes.inventory import InventoryFake, add_device

LOOPBACK = NewInterface(name="Loopback0", type="virtual", enabled=True)


def new_device(owner: str = "subscription-1") -> NewDevice:
    """A second device of the kind that `add_device` has made."""
    return NewDevice(name="ams-pe-2", type_id=1, role_id=1, site_id=1, status="active", owner=owner)


def test_choices_are_read(inventory: InventoryFake, client_of_inventory: Inventory) -> None:
    add_device(inventory)
    inventory.add("dcim/sites", name="Paris", slug="paris", status="planned")

    assert client_of_inventory.sites() == [Site(1, "Amsterdam", "amsterdam", "active")]
    assert client_of_inventory.device_types("Nokia") == [DeviceType(1, "Nokia", "7220 IXR-D2")]
    assert client_of_inventory.device_types("Cisco") == []
    assert [role.name for role in client_of_inventory.device_roles()] == ["Provider Edge"]


def test_a_device_is_read(inventory: InventoryFake, client_of_inventory: Inventory) -> None:
    add_device(inventory)

    device = client_of_inventory.find_device("ams-pe-1")

    assert device == client_of_inventory.device(1)
    assert device == Device(
        id=1,
        name="ams-pe-1",
        type_id=1,
        type_label="Nokia 7220 IXR-D2",
        role_id=1,
        role="Provider Edge",
        site_id=1,
        site="Amsterdam",
        status="active",
        asset_tag=None,
        description="",
        primary_ip4_id=None,
        primary_ip6_id=None,
    )
    assert client_of_inventory.find_device("nobody") is None


def test_long_lists_are_read_to_the_end(
    inventory: InventoryFake, client_of_inventory: Inventory, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("orchestrator_site.demo.clients.inventory.PAGE_SIZE", 2)
    for number in range(5):
        inventory.add("dcim/sites", name=f"Site {number}", slug=f"site-{number}")

    assert [site.name for site in client_of_inventory.sites()] == [f"Site {number}" for number in range(5)]


def test_free_interfaces_have_the_speed_and_are_not_enabled(
    inventory: InventoryFake, client_of_inventory: Inventory
) -> None:
    add_device(inventory)
    for name, enabled, speed in (("1/1", True, 10), ("1/2", False, 10), ("1/3", False, 100)):
        inventory.add("dcim/interfaces", device=1, name=name, type="other", enabled=enabled, speed=speed * 1_000_000)

    free = client_of_inventory.free_interfaces(1, speed_mbits=10_000)

    assert [(each.name, each.speed_mbits) for each in free] == [("1/2", 10_000)]


def test_a_device_is_made_once(inventory: InventoryFake, client_of_inventory: Inventory) -> None:
    add_device(inventory)

    first = client_of_inventory.ensure_device(new_device(), key="process/create/1")
    again = client_of_inventory.ensure_device(new_device(), key="process/create/1")

    assert (first.created, again.created) == (True, False)
    assert first.object == again.object
    assert len(inventory.all("dcim/devices")) == 2
    keys = [call["idempotency_key"] for call in inventory.http.get("/_requests/").json() if call["method"] == "POST"]
    assert keys[0] == "process/create/1/ams-pe-2"


def test_a_device_of_somebody_else_is_not_taken(inventory: InventoryFake, client_of_inventory: Inventory) -> None:
    add_device(inventory)
    client_of_inventory.ensure_device(new_device("subscription-1"), key="a")

    with pytest.raises(Occupied) as refused:
        client_of_inventory.ensure_device(new_device("subscription-2"), key="b")

    assert str(refused.value) == "The inventory already has a device ams-pe-2, which belongs to subscription-1."


@pytest.mark.parametrize("when", ["before", "after"])
def test_a_repeat_after_a_lost_answer_makes_no_second_object(
    inventory: InventoryFake, client_of_inventory: Inventory, when: str
) -> None:
    add_device(inventory)
    inventory.add("ipam/prefixes", prefix="10.0.127.0/24")
    interface = client_of_inventory.ensure_interface(1, LOOPBACK, key="a").object

    def reserve() -> Address:
        return client_of_inventory.reserve_address(
            "10.0.127.0/24", interface_id=interface.id, description="loopback of ams-pe-1", key="b"
        )

    inventory.spoil("POST", "ipam/prefixes/1/available-ips/", when=when)
    with pytest.raises(InventoryUnavailable):
        reserve()
    address = reserve()

    assert address == Address(1, "10.0.127.1/24", interface.id, "loopback of ams-pe-1")
    assert len(inventory.all("ipam/ip-addresses")) == 1


def test_a_race_for_a_name_is_won_by_either(inventory: InventoryFake, client_of_inventory: Inventory) -> None:
    taken = inventory.add("dcim/sites", name="Amsterdam", slug="amsterdam")

    with pytest.raises(InventoryRefused) as refused:
        client_of_inventory.ensure_site("Amsterdam", "other-slug", key="a")

    assert (refused.value.status, refused.value.body) == (400, {"name": ["site with this name already exists."]})
    assert str(refused.value) == (
        "The inventory refused POST dcim/sites (400): name: site with this name already exists."
    )
    assert client_of_inventory.ensure_site("Amsterdam", "amsterdam", key="a").object.id == taken["id"]


def test_interfaces_are_changed_and_removed(inventory: InventoryFake, client_of_inventory: Inventory) -> None:
    add_device(inventory)
    interface = client_of_inventory.ensure_interface(1, LOOPBACK, key="a").object

    changed = client_of_inventory.update_interface(interface.id, key="b", description="new", enabled=False)

    assert changed == Interface(1, 1, "ams-pe-1", "Loopback0", "virtual", None, False, None, "new")
    assert client_of_inventory.interface(1) == changed
    assert (client_of_inventory.delete_interface(1), client_of_inventory.delete_interface(1)) == (True, False)


def test_devices_are_changed_and_removed(inventory: InventoryFake, client_of_inventory: Inventory) -> None:
    add_device(inventory)

    changed = client_of_inventory.update_device(1, key="b", status="offline")

    assert changed.status == "offline"
    assert (client_of_inventory.delete_device(1), client_of_inventory.delete_device(1)) == (True, False)


def test_prefixes_are_made_once(inventory: InventoryFake, client_of_inventory: Inventory) -> None:
    made = [client_of_inventory.ensure_prefix("10.0.10.0/24", "core links", key="a") for _ in range(2)]

    assert [(each.object, each.created) for each in made] == [
        (Prefix(1, "10.0.10.0/24", "core links"), True),
        (Prefix(1, "10.0.10.0/24", "core links"), False),
    ]


@pytest.mark.parametrize(
    ("ask", "error", "message"),
    [
        (lambda client: client.device(7), NotFound, "The inventory has no dcim/devices/7."),
        (
            lambda client: client.reserve_address("10.9.0.0/24", interface_id=1, description="", key="a"),
            NotFound,
            "The inventory has no prefix 10.9.0.0/24.",
        ),
    ],
)
def test_what_is_missing_is_named(
    client_of_inventory: Inventory, ask: Callable[[Inventory], object], error: type[Exception], message: str
) -> None:
    with pytest.raises(error) as raised:
        ask(client_of_inventory)

    assert str(raised.value) == message


@pytest.mark.parametrize(("status", "retryable"), [(500, True), (503, True), (429, True)])
def test_an_inventory_out_of_order_may_be_asked_again(
    inventory: InventoryFake, client_of_inventory: Inventory, status: int, retryable: bool
) -> None:
    inventory.spoil("GET", "dcim/sites/", status=status)

    with pytest.raises(InventoryUnavailable) as raised:
        client_of_inventory.sites()

    assert raised.value.retryable is retryable
    assert str(raised.value) == (f"The inventory is unavailable: GET dcim/sites: {status} Failed on request of a knob.")


def test_an_unreachable_inventory_is_named(inventory: InventoryFake) -> None:
    with (
        connect_to("http://127.0.0.1:9") as client,
        pytest.raises(InventoryUnavailable, match="GET dcim/sites: ConnectError"),
    ):
        client.sites()


def test_a_slow_inventory_is_not_waited_for(inventory: InventoryFake) -> None:
    inventory.http.post("/_knobs/", json={"delay_seconds": 0.5})

    with (
        connect_to(inventory.url, "secret", limits=httpx2.Timeout(0.05)) as client,
        pytest.raises(InventoryUnavailable, match="ReadTimeout"),
    ):
        client.sites()


def test_a_wrong_token_is_refused(inventory: InventoryFake) -> None:
    with connect_to(inventory.url, "guess") as client, pytest.raises(InventoryRefused, match="Invalid token"):
        client.sites()


def test_something_else_at_the_address_is_named(inventory: InventoryFake) -> None:
    with connect_to(f"{inventory.url}/_knobs") as client, pytest.raises(NotFound):
        client.sites()
