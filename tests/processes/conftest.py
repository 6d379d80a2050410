"""A registry of the test workflows, and one call that runs everything that is ready."""

import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from types import ModuleType
from typing import Any

import pytest
from django.db import connection
from pytest_django import Settings

from processes import store
from processes.engine import StepList, task, transitions
from processes.execution import drive
from processes.models import Process
from processes.plugins import registry
from processes.queries.invariants import violations
from processes.store import wakeups
from tests.processes import workflows
from tests.processes.letters import Release
from tests.processes.touchy_workflows import binding

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
def without_pause(monkeypatch: pytest.MonkeyPatch) -> None:
    """A step whose worker was lost is taken by the next at once."""
    monkeypatch.setattr(transitions, "PAUSE_AFTER_CRASH", 0.0)


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


@pytest.fixture
def release(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[Release]:
    """Make the workflow `letters` of the present release; None: it has none any more."""
    module = ModuleType("a_release")
    monkeypatch.setitem(sys.modules, module.__name__, module)
    settings.WORKFLOW_MODULES = [module.__name__]

    def make(steps: StepList | None) -> None:
        vars(module)["letters"] = None if steps is None else task("Letters", name="letters")(lambda: steps)
        registry.reload()

    yield make
    registry.reload()


@pytest.fixture
def run() -> Callable[[], None]:
    def drive_all() -> None:
        while (claim := store.claim("worker")) is not None:
            drive.run_claimed(claim)

    return drive_all


@pytest.fixture
def fails(registered: None, settings: Any) -> Iterator[set[str]]:
    settings.WORKFLOW_MODULES = ["tests.processes.workflows", "tests.processes.touchy_workflows"]
    registry.reload()
    binding.fails.clear()
    yield binding.fails
    binding.fails.clear()


@pytest.fixture
def listener() -> Iterator[wakeups.Listener]:
    with closing(wakeups.Listener()) as opened:
        yield opened
    connection.close()
