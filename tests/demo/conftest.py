"""A running inventory for each test, and the client that workflows use, pointed at it."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytest_django import Settings

from orchestrator_site.demo.clients.inventory import Inventory, connect
from tests.fakes.inventory import InventoryFake, serve_inventory


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
