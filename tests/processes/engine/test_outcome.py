"""What a try tells of the external system that its step calls."""

import pytest

from processes.engine import Call, Inconsistent, Retry, State, conditional, input_step, step
from processes.engine.execute import calls_system
from processes.engine.outcome import Failed, NeedsInput, RetryLater, Sign, Skipped, Success, sign_of
from processes.engine.values.state import StateBytes
from tests.processes.engine.conftest import place_of, run


class Refused(Exception):
    """It has understood, and said no."""

    retryable = False


class Unavailable(Exception):
    """It does not answer."""

    retryable = True


def raising(error: Exception, tries: int = 1) -> Call:
    @step("Call", system="inventory", retry=Retry(tries=tries, delay=1, jitter=0))
    def call() -> None:
        raise error

    return call


@step("Call", system="inventory")
def call(wanted: str = "something") -> State:
    return {"got": float("nan") if wanted == "nonsense" else wanted}


@step("Ask for what is not there", system="inventory")
def ask_in_vain(missing: str) -> None:
    """Never comes to its call."""


@pytest.mark.parametrize(
    ("error", "sign"),
    [
        (ConnectionError("down"), Sign.TROUBLE),
        (KeyError("answer"), Sign.TROUBLE),
        (Unavailable(), Sign.TROUBLE),
        (Refused(), Sign.ALIVE),
        (AssertionError("differs"), Sign.ALIVE),
        (Inconsistent(), Sign.ALIVE),
    ],
)
@pytest.mark.parametrize("tries", [1, 2])
def test_every_error_is_the_systems_unless_it_says_that_it_is_an_answer(
    error: Exception, sign: Sign, tries: int
) -> None:
    outcome = run(raising(error, tries))

    assert isinstance(outcome, RetryLater if tries == 2 else Failed)
    assert sign_of(outcome) is sign


def test_what_comes_back_shows_that_the_system_is_alive() -> None:
    assert sign_of(run(call)) is Sign.ALIVE
    assert sign_of(run(call, {"wanted": "nonsense"})) is Sign.ALIVE, "it has answered; the step made nonsense of it"


def test_what_comes_to_no_call_tells_nothing() -> None:
    assert [sign_of(one) for one in (run(ask_in_vain), Skipped(), NeedsInput("NOC"))] == [Sign.NONE] * 3
    assert sign_of(Success()) is Sign.ALIVE


def test_only_steps_that_run_call_their_system() -> None:
    never, broken = conditional(lambda state: False), conditional(lambda state: bool(state["not there"]))
    skipped, raises = never(call), broken(call)

    @input_step("Ask")
    def ask():  # type: ignore[no-untyped-def]
        yield

    @step("Compute")
    def compute() -> None:
        """Here alone."""

    steps = (call, skipped, ask, compute)
    called = [calls_system(place_of(one), StateBytes.of({})) for one in steps]
    assert called == [True, False, False, False]
    with pytest.raises(KeyError, match="not there"):
        calls_system(place_of(raises), StateBytes.of({}))
