"""A few deaths, wipes and stops on the database of this lane; `./run faults` does many, and looks at the clock."""

import random
from pathlib import Path

import pytest

from processes.workers import supervisor
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


def test_some_ways_to_stop_end_in_time_and_leave_nobody(
    shaped: None, seed: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By a shorter grace; `./run faults stopping` is all of them."""
    print(f"./run faults stopping --rounds 2 --seed {seed}")
    monkeypatch.setattr(supervisor, "GRACE_SECONDS", 1.5)
    chance = random.Random(seed)
    ways = ["kill_the_supervisor", *chance.sample(list(stopping.GENTLE), 3)]

    longest = stopping.stop_in_each_way(tmp_path, ways, 1, chance)

    assert list(longest) == ways
