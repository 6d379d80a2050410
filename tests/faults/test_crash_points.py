"""A sample of the crash points on the database of this lane; `./run faults crash_points` does all of them on both."""

import random
from collections.abc import Sequence
from pathlib import Path
from uuid import UUID

import pytest

from processes.engine.losses import CRASH_BUDGET
from processes.models import Step
from processes.store import failpoints
from tests.faults import crash_points, evidence
from tests.faults.crash_points import Case

pytestmark = pytest.mark.timeout(240)

CASES = 50


def test_step_that_costs_all_its_workers_is_handled_without_a_person(shaped: None, tmp_path: Path) -> None:
    crash_points.prepare(tmp_path)
    cases = [*crash_points.cases_without_workers_left()]

    deaths = crash_points.run(cases)

    assert deaths == {"before-effect": 3 * CRASH_BUDGET, "recovery-recorded": 1, "recovered": 1}
    rows = Step.objects.filter(path="loop/which/scope/even").order_by("process", "id")
    assert [row.status for row in rows if row.process_id in made_by(cases)] == ["crashed"] * 3 * CRASH_BUDGET


def made_by(cases: Sequence[Case]) -> set[UUID | None]:
    return {evidence.made_by(f"case {case}") for case in cases}


def test_whoever_dies_anywhere_the_process_comes_to_its_right_end(shaped: None, seed: int, tmp_path: Path) -> None:
    print(f"./run faults crash_points --seed {seed} --sample {CASES}")
    crash_points.prepare(tmp_path)
    cases = crash_points.all_cases()
    places = {place.partition("@")[0] for case in cases for place in case.deaths}
    assert places == {*failpoints.POINTS, *crash_points.OUTSIDE}

    deaths = crash_points.run(crash_points.sample(cases, CASES, random.Random(seed)))

    assert set(deaths) == places
