"""What is kept of an error, and how a failure is called."""

import pytest

from processes.engine import Blocker, ProcessStatus, StartRefused
from processes.engine.values.errors import InconsistentData, StepError, failed_status


class Unspeakable(Exception):
    """An error that cannot say what it is."""

    def __str__(self) -> str:
        raise RuntimeError


class Unreachable(Exception):
    retryable = True


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


@pytest.mark.parametrize(
    ("error", "is_task", "status"),
    [
        (AssertionError(), True, ProcessStatus.INCONSISTENT_DATA),
        (InconsistentData(), True, ProcessStatus.INCONSISTENT_DATA),
        (Unreachable(), True, ProcessStatus.API_UNAVAILABLE),
        (ValueError(), True, ProcessStatus.FAILED),
        (AssertionError(), False, ProcessStatus.FAILED),
        (Unreachable(), False, ProcessStatus.FAILED),
    ],
)
def test_tasks_tell_failures_apart(error: Exception, is_task: bool, status: ProcessStatus) -> None:
    assert failed_status(error, is_task=is_task) is status


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
