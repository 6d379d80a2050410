"""What is kept of an error."""

import pytest

from processes.engine import Blocker, Difference, Drift, StartRefused
from processes.engine.values.errors import StepError
from processes.engine.values.secrets import MASK, keeping


class Unspeakable(Exception):
    """An error that cannot say what it is."""

    def __str__(self) -> str:
        raise RuntimeError


def raised(error: BaseException) -> StepError:
    try:
        raise error
    except BaseException as caught:
        return StepError.of(caught)


def test_error_is_kept_with_class_message_and_traceback() -> None:
    error = raised(ValueError("the wrong colour"))

    assert (error.class_name, error.message) == ("ValueError", "the wrong colour")
    assert error.traceback.startswith("Traceback (most recent call last):")
    assert error.traceback.endswith("ValueError: the wrong colour\n")
    assert error.as_json() == {"class": "ValueError", "message": "the wrong colour", "traceback": error.traceback}


@pytest.mark.parametrize(
    ("error", "message"),
    [
        (ValueError(), "ValueError"),
        (ValueError("a\0b\ud800"), "a\N{REPLACEMENT CHARACTER}b?"),
        (ValueError("x" * 20_000), "x" * 10_000),
        (Unspeakable(), "The message of this error could not be rendered: RuntimeError."),
    ],
    ids=["empty", "not text", "long", "unspeakable"],
)
def test_message_is_always_text_that_can_be_kept(error: Exception, message: str) -> None:
    assert raised(error).message == message


def test_long_traceback_keeps_its_end() -> None:
    error = raised(ValueError("x" * 100_000))

    assert len(error.traceback) == 50_000
    assert error.traceback.endswith("x\n")


def test_refusal_names_what_stands_in_the_way() -> None:
    blocker = Blocker("subscription", "1", "node 1")

    refusal = StartRefused("It is in use.", (blocker,))

    assert (str(refusal), refusal.reason, refusal.blockers) == ("It is in use.", "It is in use.", (blocker,))


def test_stored_error_commands_no_terminal() -> None:
    """M13: an external system answered with escape sequences, which traceback and message carried on."""
    try:
        raise ConnectionError("503\x1b]0;owned\x07\r\nsee below")
    except ConnectionError as raised:
        error = StepError.of(raised)

    assert error.message == "503\\x1b]0;owned\\x07\nsee below"
    assert "\x1b" not in error.traceback
    assert error.traceback.endswith("ConnectionError: 503\\x1b]0;owned\\x07\nsee below\n")


def test_details_of_a_failure_are_kept_as_data() -> None:
    kept = raised(Drift([Difference("speed", 1000, None)])).as_json()

    assert kept["details"] == {"differences": [{"fact": "speed", "expected": 1000, "actual": None}]}
    assert kept["message"] == "Reality differs from the subscription (expected → actual):\n  speed: 1000 → nothing"


def test_details_hold_no_secret() -> None:
    with keeping() as known:
        known.add("s3cret-of-the-router")
        kept = raised(Drift([Difference("password", "s3cret-of-the-router", "other")]))

    assert kept.details == {"differences": [{"fact": "password", "expected": MASK, "actual": "other"}]}
    assert "s3cret" not in kept.message
