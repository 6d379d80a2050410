"""The workflows of the tests, offered by the product node, and one call that runs everything that is ready."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pytest_django import Settings

from processes import store
from processes.engine.values.status import ProcessStatus, Target
from processes.execution import drive
from processes.models import Process, ProcessSubject, Workflow, WorkflowVersion
from processes.plugins import registry
from products.actions import publish_all
from products.models import ProductWorkflow
from tests.factories import subscriptions as make
from tests.subscriptions.workflows import definitions

RunReady = Callable[[], None]
OFFERED = {
    "create": ["create_node"],
    "modify": ["rename_node", "edit_node", "forget_node", "change_another", "meet_node"],
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


def offer(settings: Settings, module: str, **workflows: Target) -> None:
    """Let the product node offer more, from a module of the tests; for fixtures that come after `offered`."""
    settings.WORKFLOW_MODULES = [*settings.WORKFLOW_MODULES, f"tests.subscriptions.workflows.{module}"]
    registry.reload()
    for name, target in workflows.items():
        ProductWorkflow.objects.create(product=make.product("node"), workflow_name=name, target=target, position=9)
    publish_all(by="test")


@pytest.fixture
def run_ready(offered: None) -> RunReady:
    """Drive whatever is ready, as a worker would, until nothing is."""

    def run() -> None:
        while (claim := store.claim("worker-1")) is not None:
            drive.run_claimed(claim)

    return run


@pytest.fixture
def person(client: Client, operator: User) -> Client:
    client.force_login(operator)
    return client


@contextmanager
def counted(queries: list[int]) -> Iterator[None]:
    with CaptureQueriesContext(connection) as captured:
        yield
    queries.append(len(captured))


def process(subscription_id: object, status: ProcessStatus, *, is_task: bool = False) -> Process:
    """A process on a subscription."""
    workflow = Workflow.objects.get_or_create(name="modify_it", defaults={"target": "modify"})[0]
    version = WorkflowVersion.objects.get_or_create(workflow=workflow, fingerprint="x", defaults={"plan": []})[0]
    is_ended = status in {ProcessStatus.COMPLETED, ProcessStatus.ABORTED}
    row = Process.objects.create(
        workflow_version=version, workflow_name="modify_it", target="modify", is_task=is_task, status=status,
        run_state="ended" if is_ended else "waiting", ready_at=timezone.now(), started_at=timezone.now(),
        last_modified_at=timezone.now(), ended_at=timezone.now() if is_ended else None, created_by="x",
    )  # fmt: skip
    ProcessSubject.objects.create(process=row, kind="subscription", subject_id=str(subscription_id))
    return row


ROUNDS = 4


def kinds(outcomes: list[Any]) -> list[str]:
    """The class of each outcome that is an error, and the rest as they are, in a stable order."""
    return sorted(type(one).__name__ if isinstance(one, Exception) else "done" for one in outcomes)
