"""A sample of the crash points on the database of this lane; `./run faults crash_points` does all of them on both."""

import random
from collections.abc import Iterator
from pathlib import Path

import pytest
from pytest_django import Settings

from processes import clock, crashpoints, registry
from tests.faults import crash_points, shapes

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(240)]

CASES = 80


@pytest.fixture
def prepared(settings: Settings, tmp_path: Path) -> Iterator[None]:
    """The shapes are registered, and their world is a file; afterwards clock and world are as before."""
    settings.WORKFLOW_MODULES = ["tests.faults.shapes"]
    registry.reload()
    before, world = clock.now(), shapes.world
    crash_points.prepare(tmp_path)
    yield
    clock.advance(before - clock.now())
    shapes.world = world
    registry.reload()


def test_whoever_dies_anywhere_the_process_comes_to_its_right_end(prepared: None, pytestconfig: pytest.Config) -> None:
    seed = random.SystemRandom().randrange(1_000_000)
    cases = crash_points.all_cases()
    assert {place.partition("@")[0] for case in cases for place in case.deaths} == {
        *crashpoints.POINTS,
        *crash_points.OUTSIDE,
    }

    print(f"./run faults crash_points --seed {seed} --sample {CASES}")
    crash_points.run(crash_points.sample(cases, CASES, random.Random(seed)))
