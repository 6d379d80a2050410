"""A small storm on the database of this lane; `./run faults storm` is the whole one."""

from pathlib import Path

import pytest

from tests.faults.storm import Plan, Storm

pytestmark = pytest.mark.timeout(240)


def test_nothing_is_lost_repeated_or_wrong_however_many_die(shaped: None, seed: int, tmp_path: Path) -> None:
    plan = Plan(kills=24, processes=160, seed=seed)
    print(f"./run faults storm --kills {plan.kills} --processes {plan.processes} --seed {plan.seed}")

    report = Storm(plan, tmp_path).run()

    assert report.kills >= plan.kills
