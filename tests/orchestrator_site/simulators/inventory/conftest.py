"""A running inventory for each test."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.fakes.inventory import InventoryFake, serve_inventory


@pytest.fixture
def inventory(tmp_path: Path) -> Iterator[InventoryFake]:
    """Empty, reached over loopback."""
    with serve_inventory(tmp_path / "inventory.sqlite3") as fake:
        yield fake
