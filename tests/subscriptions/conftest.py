"""The workflows of the tests, offered by the product node, and one call that runs everything that is ready."""

from collections.abc import Callable, Iterator

import pytest
from pytest_django import Settings

from processes import store
from processes.execution import drive
from processes.plugins import registry
from products.actions import publish_all
from products.models import ProductWorkflow
from tests.factories import subscriptions as make
from tests.subscriptions.workflows import definitions

RunReady = Callable[[], None]
OFFERED = {
    "create": ["create_node"],
    "modify": ["rename_node", "forget_node", "change_another", "meet_node"],
    "terminate": ["terminate_node"],
    "validate": ["validate_node"],
    "reconcile": ["reconcile_node"],
}


@pytest.fixture
def offered(settings: Settings, transactional_db: None) -> Iterator[None]:
    """Everything in `definitions` and in the built-in workflows."""
    settings.WORKFLOW_MODULES = ["subscriptions.workflows.builtin", "tests.subscriptions.workflows.definitions"]
    registry.reload()
    definitions.failures.clear()
    node = make.product("node")
    for target, names in OFFERED.items():
        for name in names:
            ProductWorkflow.objects.create(product=node, workflow_name=name, target=target, position=9)
    publish_all(by="test")
    make.customer()
    yield
    registry.reload()


@pytest.fixture
def run_ready(offered: None) -> RunReady:
    """Drive whatever is ready, as a worker would, until nothing is."""

    def run() -> None:
        while (claim := store.claim("worker-1")) is not None:
            drive.run_claimed(claim)

    return run
