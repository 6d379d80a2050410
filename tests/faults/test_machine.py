"""A few examples of the machine on the database of this lane; `./run faults machine` does many."""

import pytest

from tests.faults import machine

pytestmark = pytest.mark.timeout(240)

EXAMPLES, ACTS = 20, 40


def test_whatever_people_workers_and_time_do_the_rows_are_as_the_model_says(shaped: None, seed: int) -> None:
    print(f"./run faults machine --examples {EXAMPLES} --steps {ACTS} --seed {seed}")

    machine.run(EXAMPLES, ACTS, seed)
