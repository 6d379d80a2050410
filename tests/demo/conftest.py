"""A running inventory for each test, the client that workflows use, and the demo network with its products."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

import pytest
from pytest_django import Settings

import orchestrator_site.demo
from orchestrator_site.demo.clients.inventory import Inventory, connect
from orchestrator_site.demo.workflows.bootstrap import bootstrap
from processes.engine import ProcessStatus, run_in_memory
from products.actions import import_catalogue
from products.models import Product
from subscriptions.models import Customer
from tests.fakes.inventory import InventoryFake, serve_inventory

CATALOGUE = Path(orchestrator_site.demo.__file__).with_name("catalogue.yaml")


@pytest.fixture
def inventory(tmp_path: Path, settings: Settings) -> Iterator[InventoryFake]:
    """Empty, and the one that this site's settings name."""
    with serve_inventory(tmp_path / "inventory.sqlite3", token="secret") as fake:
        settings.INVENTORY_URL, settings.INVENTORY_TOKEN = fake.url, "secret"
        yield fake


@pytest.fixture
def client_of_inventory(inventory: InventoryFake) -> Iterator[Inventory]:
    """What a workflow step holds."""
    with connect() as client:
        yield client


@dataclass(frozen=True)
class Network:
    """The demo's products and a customer, with an inventory that bootstrap has filled."""

    inventory: InventoryFake
    customer: Customer

    def product(self, name: str) -> UUID:
        """The id of a product."""
        return Product.objects.get(name=name).id

    def id_of(self, path: str, **query: str) -> str:
        """The id of an inventory object as forms write it."""
        return str(self.inventory.one(path, **query)["id"])

    def node_page(self, **changes: object) -> dict[str, object]:
        """Answers to the first page of a Nokia node."""
        return {
            "customer_id": str(self.customer.id),
            "type_id": self.id_of("dcim/device-types", slug="nokia-7220-ixr-d2"),
            "role_id": self.id_of("dcim/device-roles", slug="provider-edge"),
            "site_id": self.id_of("dcim/sites", slug="amsterdam"),
            "node_name": "ams-pe-1",
            **changes,
        }


@pytest.fixture
def network(db: None, inventory: InventoryFake) -> Network:
    """Ready for the first node."""
    import_catalogue(CATALOGUE.read_text(), CATALOGUE.name, "modeller")
    assert run_in_memory(bootstrap).status is ProcessStatus.COMPLETED
    return Network(inventory, Customer.objects.create(fullname="Energy Sciences Network", shortcode="ESnet"))
