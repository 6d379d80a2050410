"""How a failure is called, whoever raised it."""

import urllib.error
from email.message import Message
from types import SimpleNamespace

import pytest

from processes.engine import Abort, Difference, Drift, Inconsistent, InconsistentData, ProcessStatus, Unavailable
from processes.engine.values.foreign_errors import blames_system, failed_status, http_status, retry_after

FAILED, INCONSISTENT, UNAVAILABLE = (
    ProcessStatus.FAILED,
    ProcessStatus.INCONSISTENT_DATA,
    ProcessStatus.API_UNAVAILABLE,
)


class Unreachable(Exception):
    retryable = True


class RefusedByServer(ConnectionError):
    """It has answered."""

    retryable = False


class MaxRetryError(Exception):
    """As urllib3 has it."""


class RequestError(OSError):
    """As requests has it."""

    def __init__(self, status: int | None = None) -> None:
        super().__init__()
        self.response = None if status is None else SimpleNamespace(status_code=status)


class ReadTimeout(RequestError):
    """As requests and httpx have it."""


class ApiException(Exception):
    """As generated clients have it."""

    def __init__(self, status: int | None) -> None:
        super().__init__(status)
        self.status = status


class NotFoundException(ApiException):
    """As newer generated clients have it."""


def named(name: str) -> Exception:
    """An error of a class of a site, whose name says what it is."""
    error: Exception = type(name, (Exception,), {})("as the peer calls it")
    return error


def from_urllib(status: int) -> urllib.error.HTTPError:
    return urllib.error.HTTPError("http://inventory", status, "no", Message(), None)


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (AssertionError(), INCONSISTENT),
        (Inconsistent("differs"), INCONSISTENT),
        (InconsistentData("differs"), INCONSISTENT),
        (Drift([Difference("name", "a", "b")]), INCONSISTENT),
        (named("InconsistentDataError"), INCONSISTENT),
        (Unavailable("down"), UNAVAILABLE),
        (Unreachable(), UNAVAILABLE),
        (ConnectionRefusedError(), UNAVAILABLE),
        (TimeoutError(), UNAVAILABLE),
        (MaxRetryError(), UNAVAILABLE),
        (ReadTimeout(), UNAVAILABLE),
        (RequestError(503), UNAVAILABLE),
        (RequestError(500), FAILED),
        (ReadTimeout(404), FAILED),
        (ApiException(503), UNAVAILABLE),
        (ApiException(None), UNAVAILABLE),
        (NotFoundException(404), FAILED),
        (from_urllib(504), UNAVAILABLE),
        (from_urllib(404), FAILED),
        (urllib.error.URLError("no route"), UNAVAILABLE),
        (RefusedByServer(), FAILED),
        (ValueError(), FAILED),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, Exception) else str(value),
)
def test_tasks_tell_failures_apart(error: Exception, status: ProcessStatus) -> None:
    assert failed_status(error, is_task=True) is status
    assert failed_status(error, is_task=False) is FAILED


@pytest.mark.parametrize(
    ("error", "blamed"),
    [
        (ValueError(), True),
        (Unavailable("down"), True),
        (Abort("enough"), False),
        (Drift([]), False),
        (named("InconsistentData"), False),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, Exception) else str(value),
)
def test_what_is_an_answer_blames_no_system(error: Exception, blamed: bool) -> None:
    assert blames_system(error) is blamed


def test_status_that_is_none_of_http_is_not_taken_for_one() -> None:
    told = [http_status(SystemExit(2)), http_status(ApiException(0)), http_status(ValueError())]

    assert told == [None, None, None]
    assert http_status(from_urllib(503)) == 503


def test_only_our_own_error_says_when_to_come_back() -> None:
    assert (retry_after(Unavailable("down", retry_after=7)), retry_after(TimeoutError())) == (7, None)
