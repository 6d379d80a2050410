"""What an error tells of the system that was called, whoever raised it: ours, Python's, or an HTTP library's. Pure.

Libraries for HTTP have no class in common, and clients that are generated from an OpenAPI document define their
`ApiException` anew each time; so errors of others are known by the names of their classes, as the Workflow Orchestrator
knows them, and by the HTTP status that they carry.
"""

from processes.engine.values.failures import Inconsistent, Unavailable
from processes.engine.values.status import ProcessStatus

UNAVAILABLE_STATUSES = frozenset({502, 503, 504})
"""HTTP: bad gateway, service unavailable, gateway timeout."""

_INCONSISTENT_NAMES = frozenset({"InconsistentData", "InconsistentDataError"})
_UNAVAILABLE_NAMES = frozenset(
    {
        "MaxRetryError",  # urllib3
        "ConnectTimeoutError",
        "NewConnectionError",
        "ReadTimeoutError",
        "ProtocolError",
        "ConnectionError",  # requests; and Python's own
        "ConnectTimeout",
        "ReadTimeout",
        "Timeout",
        "TimeoutException",  # httpx
        "NetworkError",
        "RemoteProtocolError",
        "ClientConnectionError",  # aiohttp
        "ServerTimeoutError",
        "URLError",  # urllib
        "ApiException",  # generated clients; one with another status has said no
    }
)


def failed_status(error: BaseException, *, is_task: bool) -> ProcessStatus:
    """How a failure is called. Tasks tell an unreachable system and inconsistent data apart from other failures.

    An external error may say so itself by an attribute `retryable`.
    """
    if not is_task:
        return ProcessStatus.FAILED
    if is_inconsistent(error):
        return ProcessStatus.INCONSISTENT_DATA
    if is_unavailable(error):
        return ProcessStatus.API_UNAVAILABLE
    return ProcessStatus.FAILED


def is_inconsistent(error: BaseException) -> bool:
    """Whether an error tells of data that disagree."""
    return isinstance(error, AssertionError | Inconsistent) or bool(_names(error) & _INCONSISTENT_NAMES)


def is_unavailable(error: BaseException) -> bool:
    """Whether an error tells that a system could not be reached, or was out of order."""
    told = says_retryable(error)
    if told is not None:
        return told
    status = http_status(error)
    if status is not None:
        return status in UNAVAILABLE_STATUSES
    return isinstance(error, ConnectionError | TimeoutError) or bool(_names(error) & _UNAVAILABLE_NAMES)


def blames_system(error: BaseException) -> bool:
    """Whether an error tells of trouble in the external system that the step calls.

    Every error does, except one that says `retryable = False` (the system has understood and said no) and those that
    tell of data that disagree.
    """
    return not is_inconsistent(error) and says_retryable(error) is not False


def says_retryable(error: BaseException) -> bool | None:
    """What an error says of itself by its attribute `retryable`: True, False, or None when it says nothing."""
    told = getattr(error, "retryable", None)
    return told if isinstance(told, bool) else None


def retry_after(error: BaseException) -> float | None:
    """Seconds before which a try is in vain, when the error says so."""
    return error.retry_after if isinstance(error, Unavailable) else None


def http_status(error: BaseException) -> int | None:
    """The HTTP status that an error carries, itself or in its response; None when it has none."""
    response = getattr(error, "response", None)
    for holder in (error, response):
        for name in ("status_code", "status", "code"):
            told = getattr(holder, name, None)
            if isinstance(told, int) and not isinstance(told, bool) and 100 <= told <= 599:
                return int(told)
    return None


def _names(error: BaseException) -> frozenset[str]:
    """What the class of an error and those above it are called."""
    return frozenset(above.__name__ for above in type(error).__mro__)
