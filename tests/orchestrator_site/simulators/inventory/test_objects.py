"""Objects of the inventory: create, change, list, delete, by NetBox's rules."""

from pathlib import Path
from typing import Any

import pytest

from tests.fakes.inventory import InventoryFake, add_device, serve_inventory

STAMPS = ("created", "last_updated")


def without_stamps(document: dict[str, Any]) -> dict[str, Any]:
    """The document without its times."""
    return {name: value for name, value in document.items() if name not in STAMPS}


def test_a_created_site_is_written_as_netbox_does(inventory: InventoryFake) -> None:
    created = inventory.add("dcim/sites", name="Amsterdam", slug="amsterdam")

    assert without_stamps(created) == {
        "id": 1,
        "url": f"{inventory.url}/api/dcim/sites/1/",
        "display": "Amsterdam",
        "name": "Amsterdam",
        "slug": "amsterdam",
        "status": {"value": "active", "label": "Active"},
        "description": "",
    }
    assert inventory.http.get("/api/dcim/sites/1/").json() == created


def test_a_device_mentions_its_type_role_and_site(inventory: InventoryFake) -> None:
    device = add_device(inventory)

    root = f"{inventory.url}/api/dcim"
    maker = {"id": 1, "url": f"{root}/manufacturers/1/", "display": "Nokia", "name": "Nokia", "slug": "nokia"}
    assert without_stamps(device) == {
        "id": 1,
        "url": f"{root}/devices/1/",
        "display": "ams-pe-1",
        "name": "ams-pe-1",
        "device_type": {
            "id": 1,
            "url": f"{root}/device-types/1/",
            "display": "7220 IXR-D2",
            "manufacturer": maker,
            "model": "7220 IXR-D2",
            "slug": "7220-ixr-d2",
        },
        "role": {
            "id": 1,
            "url": f"{root}/device-roles/1/",
            "display": "Provider Edge",
            "name": "Provider Edge",
            "slug": "provider-edge",
        },
        "site": {
            "id": 1,
            "url": f"{root}/sites/1/",
            "display": "Amsterdam",
            "name": "Amsterdam",
            "slug": "amsterdam",
        },
        "status": {"value": "active", "label": "Active"},
        "asset_tag": None,
        "primary_ip4": None,
        "primary_ip6": None,
        "primary_ip": None,
        "description": "",
    }


@pytest.mark.parametrize(
    ("path", "sent", "errors"),
    [
        ("dcim/sites", {"name": "Paris"}, {"slug": ["This field is required."]}),
        ("dcim/sites", {"name": "", "slug": "p"}, {"name": ["This field may not be blank."]}),
        ("dcim/sites", {"name": None, "slug": "p"}, {"name": ["This field may not be null."]}),
        ("dcim/sites", {"name": 1, "slug": "p"}, {"name": ["Not a valid string."]}),
        (
            "dcim/sites",
            {"name": "x" * 101, "slug": "p"},
            {"name": ["Ensure this field has no more than 100 characters."]},
        ),
        (
            "dcim/sites",
            {"name": "a\0", "slug": "p"},
            {"name": ["This field holds characters that cannot be stored."]},
        ),
        ("dcim/sites", {"name": "Paris", "slug": "p", "town": "Paris"}, {"town": ["Unknown field."]}),
        (
            "dcim/sites",
            {"name": "Paris", "slug": "p", "status": "on fire"},
            {
                "status": [
                    "'on fire' is not a valid choice; one of planned, staging, active, decommissioning, retired is."
                ]
            },
        ),
        ("dcim/sites", ["Paris"], {"non_field_errors": ["Invalid data. Expected a dictionary, but got list."]}),
        (
            "dcim/device-types",
            {"manufacturer": 99, "model": "m", "slug": "m"},
            {"manufacturer": ["Related object not found using the provided numeric ID: 99"]},
        ),
        (
            "dcim/device-types",
            {"manufacturer": "Nokia", "model": "m", "slug": "m"},
            {"manufacturer": ["A valid integer is required."]},
        ),
        (
            "dcim/device-types",
            {"manufacturer": 10**30, "model": "m", "slug": "m"},
            {"manufacturer": ["Ensure this value lies between 0 and 9223372036854775807."]},
        ),
        ("ipam/prefixes", {"prefix": "10.0.0.1/24"}, {"prefix": ["10.0.0.1/24 is not a valid IPv4 or IPv6 prefix."]}),
        (
            "ipam/ip-addresses",
            {"address": "10.0.0.300/24"},
            {"address": ["10.0.0.300/24 is not a valid IPv4 or IPv6 address with mask."]},
        ),
        ("ipam/prefixes", {"prefix": "10.0.0.0/24", "is_pool": "yes"}, {"is_pool": ["Must be a valid boolean."]}),
    ],
)
def test_wrong_values_are_named_field_by_field(
    inventory: InventoryFake, path: str, sent: Any, errors: dict[str, list[str]]
) -> None:
    answer = inventory.http.post(f"/api/{path}/", json=sent)

    assert (answer.status_code, answer.json()) == (400, errors)
    assert inventory.all(path) == []


def test_natural_keys_are_unique(inventory: InventoryFake) -> None:
    device = add_device(inventory)
    inventory.add("dcim/interfaces", device=device["id"], name="1/1", type="virtual")

    site = inventory.http.post("/api/dcim/sites/", json={"name": "Amsterdam", "slug": "other"})
    interface = inventory.http.post("/api/dcim/interfaces/", json={"device": 1, "name": "1/1", "type": "lag"})

    assert (site.status_code, site.json()) == (400, {"name": ["site with this name already exists."]})
    assert (interface.status_code, interface.json()) == (
        400,
        {"non_field_errors": ["The fields device, name must make a unique set."]},
    )


def test_a_change_keeps_what_was_not_sent(inventory: InventoryFake) -> None:
    device = add_device(inventory)

    answer = inventory.http.patch("/api/dcim/devices/1/", json={"status": "staged", "name": "ams-pe-1"})

    assert answer.status_code == 200
    assert without_stamps(answer.json()) == without_stamps(device) | {"status": {"value": "staged", "label": "Staged"}}


def test_a_change_to_a_taken_name_is_refused(inventory: InventoryFake) -> None:
    inventory.add("dcim/sites", name="Amsterdam", slug="amsterdam")
    inventory.add("dcim/sites", name="Paris", slug="paris")

    answer = inventory.http.patch("/api/dcim/sites/2/", json={"name": "Amsterdam"})

    assert (answer.status_code, answer.json()) == (400, {"name": ["site with this name already exists."]})


def test_several_devices_may_have_no_asset_tag(inventory: InventoryFake) -> None:
    add_device(inventory)

    second = inventory.add("dcim/devices", name="ams-pe-2", device_type=1, role=1, site=1, asset_tag="")

    assert second["asset_tag"] is None


def test_lists_are_filtered_and_cut_into_windows(inventory: InventoryFake) -> None:
    device = add_device(inventory)
    for number in range(5):
        inventory.add(
            "dcim/interfaces", device=device["id"], name=f"1/{number}", type="lag", speed=10_000_000 * (number % 2)
        )

    page = inventory.http.get("/api/dcim/interfaces/", params={"speed": 0, "limit": 2, "device": "ams-pe-1"}).json()

    following = f"{inventory.url}/api/dcim/interfaces/?speed=0&device=ams-pe-1&limit=2&offset=2"
    assert (page["count"], page["next"], page["previous"]) == (3, following, None)
    assert [each["name"] for each in page["results"]] == ["1/0", "1/2"]
    last = inventory.http.get(following).json()
    assert ([each["name"] for each in last["results"]], last["next"]) == (["1/4"], None)


@pytest.mark.parametrize(
    ("path", "query", "names"),
    [
        ("dcim/devices", {"name": "ams-pe-1"}, ["ams-pe-1"]),
        ("dcim/devices", {"name": "nobody"}, []),
        ("dcim/devices", {"site_id": 1}, ["ams-pe-1"]),
        ("dcim/devices", {"site": "amsterdam", "status": "active"}, ["ams-pe-1"]),
        ("dcim/devices", {"status": ["planned", "active"]}, ["ams-pe-1"]),
        ("dcim/device-types", {"manufacturer": "nokia"}, ["7220 IXR-D2"]),
        ("dcim/device-types", {"manufacturer": "cisco"}, []),
        ("dcim/device-types", {"manufacturer_id": 1, "id": 1}, ["7220 IXR-D2"]),
        ("dcim/interfaces", {"device_id": 1, "enabled": "false"}, ["1/1"]),
        ("dcim/interfaces", {"speed": "null"}, ["Loopback0"]),
    ],
)
def test_filters(inventory: InventoryFake, path: str, query: dict[str, Any], names: list[str]) -> None:
    add_device(inventory)
    inventory.add("dcim/interfaces", device=1, name="1/1", type="lag", enabled=False, speed=1)
    inventory.add("dcim/interfaces", device=1, name="Loopback0", type="virtual")

    assert [each["display"] for each in inventory.all(path, **query)] == names


@pytest.mark.parametrize(
    ("query", "errors"),
    [
        ({"town": "Paris"}, {"town": ["Unknown filter field."]}),
        ({"id": "one"}, {"id": ["Enter a whole number."]}),
        ({"limit": "-1"}, {"limit": ["Enter a whole number."]}),
    ],
)
def test_unknown_filters_are_refused(inventory: InventoryFake, query: dict[str, str], errors: dict[str, Any]) -> None:
    answer = inventory.http.get("/api/dcim/sites/", params=query)

    assert (answer.status_code, answer.json()) == (400, errors)


def test_deleting_a_device_takes_its_interfaces_and_their_addresses(inventory: InventoryFake) -> None:
    device = add_device(inventory)
    interface = inventory.add("dcim/interfaces", device=device["id"], name="Loopback0", type="virtual")
    address = inventory.add(
        "ipam/ip-addresses",
        address="10.0.0.1/32",
        assigned_object_type="dcim.interface",
        assigned_object_id=interface["id"],
    )
    inventory.drift("dcim/devices", device["id"], primary_ip4=address["id"])

    answer = inventory.http.delete("/api/dcim/devices/1/")

    assert (answer.status_code, answer.content) == (204, b"")
    left = [inventory.all(path) for path in ("dcim/devices", "dcim/interfaces", "ipam/ip-addresses")]
    assert left == [[], [], []]
    assert inventory.http.delete("/api/dcim/devices/1/").status_code == 404


def test_a_site_in_use_is_protected(inventory: InventoryFake) -> None:
    add_device(inventory)

    answer = inventory.http.delete("/api/dcim/sites/1/")

    detail = "Unable to delete object. 1 dependent objects were found: device ams-pe-1"
    assert (answer.status_code, answer.json()) == (409, {"detail": detail})


def test_a_primary_address_must_be_the_devices_own(inventory: InventoryFake) -> None:
    device = add_device(inventory)
    address = inventory.add("ipam/ip-addresses", address="10.0.0.1/32")

    answer = inventory.http.patch(f"/api/dcim/devices/{device['id']}/", json={"primary_ip4": address["id"]})

    errors = {"primary_ip4": ["The specified IP address is not assigned to this device."]}
    assert (answer.status_code, answer.json()) == (400, errors)


@pytest.mark.parametrize(
    ("method", "path", "status", "detail"),
    [
        ("GET", "/api/dcim/planets/", 404, "Not found."),
        ("GET", "/api/dcim/sites/7/", 404, "Not found."),
        ("GET", f"/api/dcim/sites/{10**30}/", 404, "Not found."),
        ("GET", f"/api/dcim/sites/{'9' * 5000}/", 404, "Not found."),
        ("PUT", "/api/dcim/sites/", 405, "The method is not allowed for the requested URL."),
        ("POST", "/api/dcim/sites/", 415, 'Unsupported media type "text/plain" in request.'),
    ],
)
def test_what_is_not_there_is_said_plainly(
    inventory: InventoryFake, method: str, path: str, status: int, detail: str
) -> None:
    answer = inventory.http.request(method, path, content=b"{}", headers={"Content-Type": "text/plain"})

    assert (answer.status_code, answer.json()) == (status, {"detail": detail})


def test_broken_json_is_refused(inventory: InventoryFake) -> None:
    answer = inventory.http.post("/api/dcim/sites/", content=b"{", headers={"Content-Type": "application/json"})

    assert answer.status_code == 400
    assert answer.json()["detail"].startswith("JSON parse error")


def test_half_a_character_is_refused(inventory: InventoryFake) -> None:
    content = rb'{"name": "a\ud800", "slug": "a"}'

    answer = inventory.http.post("/api/dcim/sites/", content=content, headers={"Content-Type": "application/json"})

    assert answer.json() == {"name": ["This field holds characters that cannot be stored."]}


def test_objects_outlive_the_server(tmp_path: Path) -> None:
    with serve_inventory(tmp_path / "inventory.sqlite3") as before:
        before.add("dcim/sites", name="Amsterdam", slug="amsterdam")

    with serve_inventory(tmp_path / "inventory.sqlite3") as after:
        assert after.one("dcim/sites", slug="amsterdam")["name"] == "Amsterdam"
