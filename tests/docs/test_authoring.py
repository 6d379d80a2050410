"""The code in docs/authoring.md is written out and imported; its tests become tests of this module."""

import re
import sys
import tempfile
from pathlib import Path
from types import ModuleType
from typing import Any
from uuid import UUID

import pytest
from django.contrib.auth.models import User
from pytest_django import Settings

from processes import actions, store
from processes.execution import drive
from processes.plugins import registry
from products.actions import export_catalogue
from subscriptions.lifecycle import SubscriptionLifecycle
from subscriptions.models import Customer
from subscriptions.queries import get
from tests.fakes.inventory import InventoryFake

DOCUMENT = Path(__file__).resolve().parents[2] / "docs" / "authoring.md"
BLOCK = re.compile(r"^```(\w+) (\S+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
KEPT = tempfile.TemporaryDirectory()
FOLDER = Path(KEPT.name)


def files() -> dict[str, str]:
    """The text of each file, its blocks joined in order."""
    found: dict[str, str] = {}
    for _, name, text in BLOCK.findall(DOCUMENT.read_text()):
        found[name] = f"{found[name]}\n\n{text}" if name in found else text
    return found


def imported(name: str) -> ModuleType:
    """A file of the document as a module."""
    module = ModuleType(name)
    module.__file__ = str(FOLDER / f"{name}.py")
    sys.modules[name] = module
    exec(compile(FILES[f"{name}.py"], module.__file__, "exec"), vars(module))
    return module


FILES = files()
for file_name, content in FILES.items():
    (FOLDER / file_name).write_text(content)
pop = imported("pop")
documented = vars(imported("test_pop"))
pytestmark = pytest.mark.django_db(transaction=True)
globals().update({name: value for name, value in documented.items() if name.startswith("test_")})
inventory, product, customer = documented["inventory"], documented["product"], documented["customer"]


def test_every_block_belongs_to_a_file() -> None:
    fences = re.findall(r"^```\w+.*$", DOCUMENT.read_text(), re.MULTILINE)

    assert len(fences) == len(BLOCK.findall(DOCUMENT.read_text()))
    assert set(FILES) == {"catalogue.yaml", "pop.py", "settings.py", "test_pop.py"}


def test_the_workflows_run_as_the_site_runs_them(
    inventory: InventoryFake, product: UUID, customer: Customer, operator: User, settings: Settings
) -> None:
    namespace: dict[str, Any] = {}
    exec(FILES["settings.py"], namespace)
    settings.WORKFLOW_MODULES = namespace["WORKFLOW_MODULES"]
    registry.reload()
    assert registry.problems() == ()
    page = {"customer_id": str(customer.id), "site_name": "Utrecht"}

    process = actions.start("create_pop", [{"product": str(product)}, page, {}], by=operator)
    run_ready()
    actions.answer(process.pk, [{"surveyor": "Ada"}], by=operator)
    run_ready()

    process.refresh_from_db()
    assert process.status == "completed", process.failed_reason
    subscription = get(UUID(store.load_state(process.pk).as_dict()["subscription_id"]))
    assert (subscription.status, subscription.insync) == (SubscriptionLifecycle.ACTIVE, True)
    assert inventory.one("dcim/sites", slug="utrecht")["id"] == subscription.pop.ims_id
    registry.reload()


def test_the_catalogue_is_what_an_export_writes(product: UUID) -> None:
    assert export_catalogue().startswith("resource_types:")
    assert "name: point of presence" in export_catalogue()


def run_ready() -> None:
    """Drive whatever is ready, as a worker would, until nothing is."""
    while (claim := store.claim("worker-1")) is not None:
        drive.run_claimed(claim)
