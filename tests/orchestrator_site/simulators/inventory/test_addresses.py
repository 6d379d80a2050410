"""Free addresses of a prefix: the arithmetic, and taking them one at a time."""

from concurrent.futures import ThreadPoolExecutor
from ipaddress import ip_network

import httpx2
import pytest

from orchestrator_site.simulators.inventory.addresses import free_addresses
from tests.fakes.inventory import InventoryFake


@pytest.mark.parametrize(
    ("prefix", "is_pool", "free"),
    [
        ("10.0.0.0/30", False, ["10.0.0.1/30", "10.0.0.2/30"]),
        ("10.0.0.0/30", True, ["10.0.0.0/30", "10.0.0.1/30", "10.0.0.2/30", "10.0.0.3/30"]),
        ("10.0.0.0/31", False, ["10.0.0.0/31", "10.0.0.1/31"]),
        ("10.0.0.7/32", False, ["10.0.0.7/32"]),
        ("fc00::/126", False, ["fc00::1/126", "fc00::2/126", "fc00::3/126"]),
        ("fc00::/127", False, ["fc00::/127", "fc00::1/127"]),
    ],
)
def test_network_addresses_are_skipped(prefix: str, is_pool: bool, free: list[str]) -> None:
    found = free_addresses(ip_network(prefix), (), is_pool=is_pool, limit=10)

    assert [str(each) for each in found] == free


def test_used_addresses_are_skipped_and_a_large_prefix_is_not_walked() -> None:
    network = ip_network("fc00:0:0:127::/64")
    used = {int(network.network_address) + 1}

    found = free_addresses(network, used, is_pool=False, limit=2)

    assert [str(each) for each in found] == ["fc00:0:0:127::2/64", "fc00:0:0:127::3/64"]


def test_the_next_free_address_is_taken(inventory: InventoryFake) -> None:
    prefix = inventory.add("ipam/prefixes", prefix="10.0.127.0/29")
    path = f"/api/ipam/prefixes/{prefix['id']}/available-ips/"
    inventory.add("ipam/ip-addresses", address="10.0.127.1/32")

    taken = inventory.http.post(path, json={"description": "loopback"})

    assert (taken.status_code, taken.json()["address"]) == (201, "10.0.127.2/29")
    free = [each["address"] for each in inventory.http.get(path).json()]
    assert free == ["10.0.127.3/29", "10.0.127.4/29", "10.0.127.5/29", "10.0.127.6/29"]


def test_addresses_are_found_by_family_parent_and_interface(inventory: InventoryFake) -> None:
    inventory.add("ipam/ip-addresses", address="10.0.127.1/24")
    inventory.add("ipam/ip-addresses", address="fc00:0:0:127::1/64")

    assert inventory.one("ipam/ip-addresses", family=6)["address"] == "fc00:0:0:127::1/64"
    assert inventory.one("ipam/ip-addresses", parent="10.0.0.0/8")["address"] == "10.0.127.1/24"
    assert inventory.all("ipam/ip-addresses", interface_id=1) == []
    assert inventory.http.get("/api/ipam/ip-addresses/?parent=ten").json() == {
        "parent": ["ten is not a valid IPv4 or IPv6 prefix."]
    }


def test_two_at_once_never_get_the_same_address(inventory: InventoryFake) -> None:
    inventory.add("ipam/prefixes", prefix="10.0.127.0/27")

    def take(_number: int) -> str:
        return str(
            httpx2.post(f"{inventory.url}/api/ipam/prefixes/1/available-ips/", json={}, verify=False).json()["address"]
        )

    with ThreadPoolExecutor(8) as threads:
        taken = list(threads.map(take, range(30)))

    assert sorted(taken) == sorted(f"10.0.127.{host}/27" for host in range(1, 31))
    refused = inventory.http.post("/api/ipam/prefixes/1/available-ips/", json={})
    detail = "An insufficient number of IP addresses are available, 1 requested, 0 available"
    assert (refused.status_code, refused.json()) == (409, {"detail": detail})


def test_several_are_taken_together_or_not_at_all(inventory: InventoryFake) -> None:
    inventory.add("ipam/prefixes", prefix="10.0.127.0/30")

    too_many = inventory.http.post("/api/ipam/prefixes/1/available-ips/", json=[{}, {}, {}])
    both = inventory.http.post("/api/ipam/prefixes/1/available-ips/", json=[{}, {}])

    assert too_many.status_code == 409
    assert [each["address"] for each in both.json()] == ["10.0.127.1/30", "10.0.127.2/30"]
