"""A sample of the crash points on the database of this lane; `./run faults crash_points` does all of them on both."""

import random
from pathlib import Path

import pytest

from processes.store import failpoints
from tests.faults import crash_points

pytestmark = pytest.mark.timeout(240)

CASES = 80


def test_whoever_dies_anywhere_the_process_comes_to_its_right_end(shaped: None, seed: int, tmp_path: Path) -> None:
    print(f"./run faults crash_points --seed {seed} --sample {CASES}")
    crash_points.prepare(tmp_path)
    cases = crash_points.all_cases()
    places = {place.partition("@")[0] for case in cases for place in case.deaths}
    assert places == {*failpoints.POINTS, *crash_points.OUTSIDE}

    deaths = crash_points.run(crash_points.sample(cases, CASES, random.Random(seed)))

    assert set(deaths) == places
