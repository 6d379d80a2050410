"""A simulated inventory for tests, empty or with what one node needs."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx2

from orchestrator_site.simulators.inventory.server import Served, serve_in_thread


@dataclass(frozen=True)
class InventoryFake:
    """A running simulator with a plain HTTP client on it."""

    served: Served
    http: httpx2.Client

    @property
    def url(self) -> str:
        """Without a trailing slash."""
        return self.served.url

    def add(self, path: str, **fields: Any) -> dict[str, Any]:
        """Stores an object and hands it back as the API writes it."""
        answer = self.http.post(f"/api/{path}/", json=fields)
        assert answer.status_code == 201, answer.text
        return dict(answer.json())

    def all(self, path: str, **query: Any) -> list[dict[str, Any]]:
        """Every object that matches."""
        return list(self.http.get(f"/api/{path}/", params={"limit": 1000, **query}).json()["results"])

    def one(self, path: str, **query: Any) -> dict[str, Any]:
        """The only object that matches."""
        (found,) = self.all(path, **query)
        return found

    def drift(self, path: str, pk: int, **fields: Any) -> None:
        """Changes an object behind the orchestrator's back."""
        assert self.http.patch(f"/api/{path}/{pk}/", json=fields).status_code == 200

    def spoil(self, method: str, path: str, *, when: str = "before", times: int = 1, status: int = 503) -> None:
        """Makes the next matching calls fail, before or after their effect."""
        wish = {"method": method, "path": f"/api/{path}", "when": when, "times": times, "status": status}
        assert self.http.post("/_knobs/", json=wish).status_code == 201


@contextmanager
def serve_inventory(file: Path, *, token: str = "") -> Iterator[InventoryFake]:
    """An empty inventory for as long as the block lasts. Without TLS: to get ready for it takes a client 28 ms."""
    headers = {"Authorization": f"Token {token}"} if token else {}
    with (
        serve_in_thread(file, token=token) as served,
        httpx2.Client(base_url=served.url, headers=headers, verify=False) as http,
    ):
        yield InventoryFake(served, http)


def add_device(inventory: InventoryFake, name: str = "ams-pe-1") -> dict[str, Any]:
    """A device with the site, role and type it needs; to be called once per inventory."""
    manufacturer = inventory.add("dcim/manufacturers", name="Nokia", slug="nokia")
    device_type = inventory.add(
        "dcim/device-types", manufacturer=manufacturer["id"], model="7220 IXR-D2", slug="7220-ixr-d2"
    )
    role = inventory.add("dcim/device-roles", name="Provider Edge", slug="provider-edge")
    site = inventory.add("dcim/sites", name="Amsterdam", slug="amsterdam")
    return inventory.add("dcim/devices", name=name, device_type=device_type["id"], role=role["id"], site=site["id"])
