"""A registry of the test workflows, and one call that runs everything that is ready."""

from collections.abc import Callable, Iterator

import pytest
from pytest_django import Settings

from processes import store
from processes.execution import drive
from processes.models import Process
from processes.plugins import registry
from processes.queries.invariants import violations
from tests.processes import workflows

RunReady = Callable[[], int]


@pytest.fixture
def registered(db: None, settings: Settings) -> Iterator[None]:
    """The workflows of tests.processes.workflows, and no others; afterwards the rows must hold together."""
    settings.WORKFLOW_MODULES = ["tests.processes.workflows"]
    registry.reload()
    workflows.calls.clear()
    workflows.failures.clear()
    workflows.OneThing.told.clear()
    yield
    assert [str(one) for one in violations()] == []
    registry.reload()


@pytest.fixture
def run_ready(registered: None) -> RunReady:
    """Drive whatever is ready, as a worker would, until nothing is; the number of claims."""

    def run() -> int:
        claims = 0
        while (claim := store.claim("worker-1")) is not None:
            drive.run_claimed(claim)
            claims += 1
        return claims

    return run


def told(process: Process) -> list[tuple[str, str, int]]:
    """What the rows say: path, status and attempt of each try."""
    return list(process.steps.values_list("path", "status", "attempt"))
