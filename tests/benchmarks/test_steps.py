"""How the time of a step is taken from the moments of commits."""

from statistics import mean

from tests.benchmarks import steps


def test_the_time_of_a_step_lies_between_two_commits() -> None:
    committed = [float(number * number) for number in range(1, 1001)]

    timed = steps.times(committed)

    assert (timed.early[0], timed.early[-1]) == (13.0, 111.0)
    assert (timed.late[0], timed.late[-1]) == (1893.0, 1991.0)
    assert timed.first_turn == mean(range(3, 401, 2))
    assert timed.last_turn == mean(range(1601, 1998, 2))
