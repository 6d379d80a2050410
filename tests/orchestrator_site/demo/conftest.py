"""A running inventory for each test, the client that workflows use, and the demo network with its products."""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

import pytest
from django.contrib.auth.models import User
from django.test import override_settings
from pytest_django import Settings

import orchestrator_site.demo
from orchestrator_site.demo.clients.inventory import Inventory, connect
from orchestrator_site.demo.workflows.bootstrap import bootstrap
from processes import actions, store
from processes.engine import ProcessStatus, run_in_memory
from processes.execution import drive
from processes.models import Process
from processes.plugins import registry
from products.models import Product
from subscriptions.models import Customer
from tests.factories import catalogues
from tests.fakes.inventory import InventoryFake, serve_inventory

WORKFLOW_MODULES = [
    "subscriptions.workflows.builtin",
    "orchestrator_site.demo.workflows.bootstrap",
    "orchestrator_site.demo.workflows.node",
    "orchestrator_site.demo.workflows.port",
    "orchestrator_site.demo.workflows.showcase",
]
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


@pytest.fixture(scope="session")
def filled_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What bootstrap makes of an empty inventory, to be copied."""
    file = tmp_path_factory.mktemp("inventory") / "filled.sqlite3"
    with serve_inventory(file) as fake, override_settings(INVENTORY_URL=fake.url, INVENTORY_TOKEN=""):
        assert run_in_memory(bootstrap).status is ProcessStatus.COMPLETED
    return file


@pytest.fixture
def network(db: None, filled_file: Path, tmp_path: Path, settings: Settings) -> Iterator[Network]:
    """Ready for the first node."""
    catalogues.imported(CATALOGUE.read_text(), by="modeller")
    customer = Customer.objects.create(fullname="Energy Sciences Network", shortcode="ESnet")
    with serve_inventory(Path(shutil.copy(filled_file, tmp_path))) as fake:
        settings.INVENTORY_URL, settings.INVENTORY_TOKEN = fake.url, ""
        yield Network(fake, customer)


def run_ready() -> None:
    """Drive whatever is ready, as a worker would, until nothing is."""
    while (claim := store.claim("worker-1")) is not None:
        drive.run_claimed(claim)


@dataclass(frozen=True)
class Office:
    """An operator at the demo: starts workflows and runs them to where they wait or end."""

    network: Network
    operator: User

    @property
    def inventory(self) -> InventoryFake:
        """The inventory of the network."""
        return self.network.inventory

    def start(self, workflow: str, *pages: dict[str, object]) -> Process:
        """Starts with these pages and runs."""
        return self._ran(actions.start(workflow, pages, by=self.operator))

    def retry(self, process: Process) -> Process:
        """Tries the failed step again and runs on."""
        return self._ran(actions.retry(process.pk, by=self.operator))

    def order_node(self, **changes: object) -> Process:
        """A Nokia node called ams-pe-1 unless changed."""
        page_0: dict[str, object] = {"product": str(self.network.product("node Nokia"))}
        return self.start("create_node", page_0, self.network.node_page(**changes), {})

    def _ran(self, process: Process) -> Process:
        run_ready()
        process.refresh_from_db()
        return process


@pytest.fixture
def office(network: Network, operator: User, settings: Settings) -> Iterator[Office]:
    """The network with its workflows registered."""
    settings.WORKFLOW_MODULES = WORKFLOW_MODULES
    registry.reload()
    yield Office(network, operator)
    registry.reload()


def subscription_of(process: Process) -> UUID:
    """The id of the subscription that a process is about."""
    return UUID(store.load_state(process.pk).as_dict()["subscription_id"])


def where(network: Network, node: UUID) -> dict[str, object]:
    """Answers to the first page."""
    return {"customer_id": str(network.customer.id), "node_subscription_id": str(node)}


def answers(office: Office, node: UUID, interface: str, **changes: object) -> list[dict[str, object]]:
    """The pages of a 10G port on an interface of a node."""
    pk = office.network.id_of("dcim/interfaces", device="ams-pe-1", name=interface)
    page_0: dict[str, object] = {"product": str(office.network.product("port 10G"))}
    page_2: dict[str, object] = {"port_ims_id": pk, "port_description": "to the lab", **changes}
    return [page_0, where(office.network, node), page_2, {}]


def order(office: Office, node: UUID, interface: str = "ethernet-1/1", **changes: object) -> Process:
    """Starts a port and runs."""
    return office.start("create_port", *answers(office, node, interface, **changes))
