"""For suites that run inside of a test: the shapes are registered, and clock, world and listeners are put back."""

import random
from collections.abc import Iterator
from pathlib import Path

import pytest
from pytest_django import Settings

from processes.plugins import registry
from processes.store import clock, failpoints
from tests.faults import shapes

FOLDER = Path(__file__).parent


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with these: they take longest, and none shall run alone in the end."""
    items.sort(key=lambda item: not item.path.is_relative_to(FOLDER))


@pytest.fixture
def shaped(transactional_db: None, settings: Settings) -> Iterator[None]:
    """The workflows of `shapes`, and no others."""
    settings.WORKFLOW_MODULES = ["tests.faults.shapes"]
    registry.reload()
    world = shapes.world
    yield
    failpoints.listen(None)
    clock.set_right()
    shapes.world = world
    registry.reload()


@pytest.fixture
def seed() -> int:
    """A new one for each run; it is printed where a test fails."""
    return random.SystemRandom().randrange(1_000_000)
