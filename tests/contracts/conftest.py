"""The demo as the tour finds it: people, customers and products, a filled inventory, one node with one port."""

import base64
import logging
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from django.apps import apps
from django.contrib.auth.models import User
from django.core.management import call_command
from django.core.management.color import no_style
from django.db import connection
from django.test import Client, override_settings
from pytest_django import DjangoDbBlocker

from processes.plugins import registry
from tests.contracts.journey import Journey
from tests.contracts.recording import Recording
from tests.contracts.stops import Actor, Area, Meanwhile
from tests.contracts.tour import BEFORE
from tests.database import rolled_back
from tests.fakes.inventory import InventoryFake, serve_inventory
from tests.orchestrator_site.demo.conftest import WORKFLOW_MODULES, run_ready

INVENTORY = "inventory.sqlite3"


@dataclass(frozen=True)
class Demo:
    """Where each area of the tour begins; `kept` names the ids that are known from the start."""

    folder: Path
    kept: Mapping[str, str]
    tokens: Mapping[Actor, str]

    def walk(self, area: Area) -> Recording:
        """Walk an area with an inventory of its own; what it does to the database ends with its test."""
        with (
            inventory_of(self.folder / area.name, begin_with=self.folder / INVENTORY) as inventory,
            override_settings(WORKFLOW_MODULES=WORKFLOW_MODULES),
        ):
            registry.reload()
            return Journey(self.kept, tokens=self.tokens, inventory=inventory).walk(area)


@pytest.fixture(scope="module")
def demo(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Demo]:
    """The demo, made once for all areas by the same command as `./run demo`; nothing of it is left afterwards."""
    folder = tmp_path_factory.mktemp("tour")
    with (
        override_settings(WORKFLOW_MODULES=WORKFLOW_MODULES),
        quiet(),
        django_db_blocker.unblock(),
        rolled_back(),
    ):
        registry.reload()
        with inventory_of(folder) as inventory:
            restart_ids()
            call_command("prepare_demo")
            run_ready()
            User.objects.create_user(Actor.STRANGER, password=Actor.STRANGER)
            tokens: dict[Actor, str] = {actor: token_of(actor) for actor in Actor if actor is not Actor.NOBODY}
            journey = Journey(catalogue(tokens[Actor.VIEWER]), tokens=tokens, inventory=inventory)
            for stop in BEFORE:
                if isinstance(stop, Meanwhile):
                    stop.happens(inventory)
                else:
                    assert journey.ask(stop).status_code < 300, stop.name
        yield Demo(folder, journey.kept, tokens)
    registry.reload()


@contextmanager
def quiet() -> Iterator[None]:
    """Log nothing: hundreds of refusals would bury the difference that is to be seen."""
    logging.disable(logging.CRITICAL)
    try:
        yield
    finally:
        logging.disable(logging.NOTSET)


@contextmanager
def inventory_of(folder: Path, *, begin_with: Path | None = None) -> Iterator[InventoryFake]:
    """An inventory with a file in this folder, empty or a copy, as the one that the site's settings name."""
    folder.mkdir(exist_ok=True)
    if begin_with is not None:
        shutil.copy(begin_with, folder / INVENTORY)
    with (
        serve_inventory(folder / INVENTORY) as inventory,
        override_settings(INVENTORY_URL=inventory.url, INVENTORY_TOKEN=""),
    ):
        yield inventory


def restart_ids() -> None:
    """Count the ids of rows from 1 again, whatever other tests have made: the admin shows them."""
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), apps.get_models()):
            cursor.execute(statement)


def token_of(actor: Actor) -> str:
    """A token for REST; each person's password is the name."""
    credentials = base64.b64encode(f"{actor}:{actor}".encode()).decode()
    answer = Client(headers={"Authorization": f"Basic {credentials}"}).post("/api/auth/login/")
    return str(answer.json()["token"])


def catalogue(token: str) -> dict[str, str]:
    """The ids of products and customers by name, and of the task that filled the inventory."""
    client = Client(headers={"Authorization": f"Token {token}"})
    products = {f"product {row['name']}": row["product_id"] for row in client.get("/api/products/").json()}
    customers = {f"customer {row['shortcode']}": row["customer_id"] for row in client.get("/api/customers/").json()}
    (bootstrap,) = client.get("/api/processes/").json()
    return {**products, **customers, "bootstrap": bootstrap["process_id"]}
