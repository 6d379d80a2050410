"""A slow and a dead external system on the database of this lane; `./run faults external_systems` at full size."""

import random
from collections.abc import Iterator
from pathlib import Path

import pytest
from pytest_django import Settings

from processes.plugins import registry
from tests.faults import external_systems
from tests.faults.fake_external_system import WORKFLOWS

pytestmark = pytest.mark.timeout(240)


@pytest.fixture(autouse=True)
def registered(transactional_db: None, settings: Settings) -> Iterator[None]:
    settings.WORKFLOW_MODULES = [WORKFLOWS]
    registry.reload()
    yield
    registry.reload()


def test_limit_holds_while_workers_are_killed(tmp_path: Path, seed: int) -> None:
    print(f"./run faults external_systems --processes 60 --kills 6 --seed {seed}")

    report = external_systems.keep_the_limit(tmp_path, 60, 6, 2, random.Random(seed))

    assert report.kills >= 1


def test_slow_system_holds_up_nobody_else(tmp_path: Path) -> None:
    still = external_systems.pass_by(tmp_path, slow=60, others=20)

    assert still > 30, "those that call nobody were done before most that wait"


def test_dead_system_is_left_alone_and_then_used_at_once(tmp_path: Path) -> None:
    report = external_systems.endure(tmp_path, 60, 4.0)

    assert report.calls >= 1
