"""When a failed step is tried again."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from processes.engine import Retry, Unavailable
from processes.engine.values.retry import MOST_TRIES_UNASKED, NO_RETRY


@pytest.mark.parametrize(
    ("attempt", "seconds"),
    [(1, 1.0), (2, 2.0), (3, 4.0), (4, 5.0), (9, 5.0), (10, None), (11, None)],
)
def test_delays_grow_up_to_the_cap_and_end(attempt: int, seconds: float | None) -> None:
    retry = Retry(tries=10, delay=1, factor=2, cap=5, jitter=0)

    assert retry.seconds_before_next(attempt, ValueError()) == seconds


@pytest.mark.parametrize(("chance", "seconds"), [(0.0, 10.0), (0.5, 9.0), (1.0, 8.0)])
def test_jitter_is_a_share_of_the_delay(chance: float, seconds: float) -> None:
    retry = Retry(tries=2, delay=10, jitter=0.2)

    assert retry.seconds_before_next(1, ValueError(), chance) == seconds


@pytest.mark.parametrize(
    ("error", "seconds"), [(ConnectionError(), 1.0), (ConnectionResetError(), 1.0), (ValueError(), None)]
)
def test_only_named_errors_are_tried_again(error: Exception, seconds: float | None) -> None:
    retry = Retry(tries=2, delay=1, jitter=0, on=(ConnectionError,))

    assert retry.seconds_before_next(1, error) == seconds


def test_without_a_policy_there_is_one_try() -> None:
    assert NO_RETRY.seconds_before_next(1, ValueError()) is None


@given(
    attempt=st.integers(1, 10**9),
    delay=st.floats(0, 1e6),
    factor=st.floats(1, 1e6),
    cap=st.floats(0, 1e9),
    jitter=st.floats(0, 1),
)
def test_delay_is_between_nothing_and_the_cap(
    attempt: int, delay: float, factor: float, cap: float, jitter: float
) -> None:
    retry = Retry(tries=10**9 + 1, delay=delay, factor=factor, cap=cap, jitter=jitter)

    seconds = retry.seconds_before_next(attempt, ValueError())

    assert seconds is not None
    assert 0 <= seconds <= cap


def test_no_delay_stays_none_however_often() -> None:
    assert Retry(tries=5000, delay=0).seconds_before_next(4999, ValueError()) == 0


@pytest.mark.parametrize(
    "wrong", [{"tries": 0}, {"delay": -1}, {"factor": 0.5}, {"cap": -1}, {"jitter": -0.1}, {"jitter": 1.1}]
)
def test_policies_without_sense_are_refused(wrong: dict[str, float]) -> None:
    with pytest.raises(ValueError, match="Retry needs"):
        Retry(**wrong)  # type: ignore[arg-type]


def test_error_that_says_when_is_tried_again_no_sooner() -> None:
    policy = Retry(tries=3, delay=10, jitter=0)

    assert policy.seconds_before_next(1, Unavailable("down", retry_after=60)) == 60
    assert policy.seconds_before_next(1, Unavailable("down", retry_after=5)) == 10
    assert policy.seconds_before_next(3, Unavailable("down", retry_after=60)) is None


def test_error_that_says_when_needs_no_policy() -> None:
    assert NO_RETRY.seconds_before_next(1, Unavailable("down", retry_after=60)) == 60
    assert NO_RETRY.seconds_before_next(MOST_TRIES_UNASKED, Unavailable("down", retry_after=60)) is None
    assert NO_RETRY.seconds_before_next(1, Unavailable("down")) is None
