"""A few deaths, wipes and stops on the database of this lane; `./run faults` does many, and looks at the clock."""

import random
from pathlib import Path

import pytest

from tests.faults import broker, recovery, redis_server, stopping

pytestmark = pytest.mark.timeout(240)


def test_work_goes_on_after_idle_and_busy_workers_are_killed(shaped: None, seed: int, tmp_path: Path) -> None:
    print(f"./run faults recovery --idle 3 --busy 3 --seed {seed}")

    idle, busy = recovery.measure(tmp_path, 3, 3, random.Random(seed))

    assert (len(idle), len(busy)) == (3, 3)


@pytest.mark.parametrize("kind", broker.BROKERS)
def test_nothing_is_lost_when_the_queue_is_wiped_all_the_time(
    shaped: None, seed: int, tmp_path: Path, kind: str
) -> None:
    if kind != "table" and redis_server.program() is None:
        pytest.skip("no Redis found (apt-get install redis-server)")
    print(f"./run faults broker --broker {kind} --processes 100 --seed {seed}")

    report = broker.wipe_under_load(tmp_path, 100, random.Random(seed), kind)

    assert report.wipes >= 1


def test_each_way_to_stop_ends_in_time_and_leaves_nobody(shaped: None, seed: int, tmp_path: Path) -> None:
    print(f"./run faults stopping --rounds 2 --seed {seed}")

    assert set(stopping.stop_in_every_way(tmp_path, 2, random.Random(seed))) == set(stopping.WAYS)
