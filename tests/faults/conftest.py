"""For suites that run inside of a test: the shapes are registered, and clock, world and listeners are put back."""

import random
from collections.abc import Iterator

import pytest
from pytest_django import Settings

from processes.plugins import registry
from processes.store import clock, failpoints
from tests.faults import shapes


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
