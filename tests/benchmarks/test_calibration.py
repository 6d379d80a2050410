"""Which rounds are taken for quiet, and that every core is asked."""

import os

import pytest

from tests.benchmarks import calibration
from tests.benchmarks.calibration import Calibration, Rounds


@pytest.mark.parametrize(("milliseconds", "is_quiet"), [(40.0, True), (48.0, True), (48.1, False)])
def test_a_round_is_quiet_within_a_fifth_of_the_best(milliseconds: float, is_quiet: bool) -> None:
    assert calibration.is_quiet(milliseconds, best=40.0) is is_quiet


def test_each_round_lies_between_two_calibrations_on_every_core() -> None:
    with Calibration() as calibrated:
        rounds = Rounds(calibrated, 2)
        numbers = list(rounds)

    assert numbers == [0, 1]
    assert len(calibrated._programs) == os.cpu_count()
    assert min(rounds.milliseconds) >= calibrated.best > 0
    assert len(rounds.quiet) == 2


def test_the_work_is_always_the_same() -> None:
    assert calibration.work() == calibration.work() > 0
