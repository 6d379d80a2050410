"""Log lines as JSON objects or for people; each says for whom it was written, as far as that is known by then.

Within a request that is `request_id` and `user`; in a worker `worker`, `process_id`, `workflow`, `step` and `attempt`.
"""

import json
import logging
import re
from collections.abc import Callable, Mapping, MutableMapping
from contextvars import ContextVar
from time import perf_counter
from typing import Any
from uuid import uuid4

import orjson
import structlog
from django.http import HttpRequest, HttpResponse
from django.utils.functional import LazyObject
from structlog.contextvars import bound_contextvars
from structlog.stdlib import ProcessorFormatter

from processes.engine.values.secrets import hide
from processes.engine.values.text import on_one_line
from processes.execution.interceptors.log_context import current_log_context

logger = logging.getLogger(__name__)

FIRST = ("timestamp", "level", "logger", "event")
"""What every line begins with."""
LEFTOVERS = ("request", "message", "asctime")
READS = frozenset({"GET", "HEAD", "OPTIONS"})
_OBEYED = re.compile("[\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")
_FIT_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")
_request: ContextVar[HttpRequest | None] = ContextVar("request", default=None)

Event = MutableMapping[str, Any]


def formatter(kind: str) -> logging.Formatter:
    """The formatter that LOG_FORMAT names. Raises ValueError unless it is `json` or `line`."""
    if kind not in RENDERERS:
        raise ValueError(f"LOG_FORMAT is {' or '.join(RENDERERS)}, not {kind}.")
    return ProcessorFormatter(
        foreign_pre_chain=[structlog.stdlib.ExtraAdder(), *_SHARED],
        processors=[ProcessorFormatter.remove_processors_meta, RENDERERS[kind], _without_secrets],
    )


def route_structlog() -> None:
    """Send what libraries log by structlog the same way as everything else."""
    structlog.configure(
        processors=[structlog.stdlib.filter_by_level, *_SHARED, ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
    )


def request_log(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware, the outermost: give each request an id, or keep the caller's, and log what changes something."""

    def answer(request: HttpRequest) -> HttpResponse:
        given = request.headers.get("X-Request-Id", "")
        request_id = given if _FIT_ID.fullmatch(given) else uuid4().hex
        token = _request.set(request)
        try:
            with bound_contextvars(request_id=request_id):
                started = perf_counter()
                response = get_response(request)
                _tell(request, response, perf_counter() - started)
        finally:
            _request.reset(token)
        response["X-Request-Id"] = request_id
        return response

    return answer


def _tell(request: HttpRequest, response: HttpResponse, seconds: float) -> None:
    """A line for what may have changed something; reads are told at level DEBUG."""
    level = logging.DEBUG if request.method in READS else logging.INFO
    told = {"status": response.status_code, "milliseconds": round(seconds * 1000, 1)}
    logger.log(level, "%s %s", request.method, request.path, extra=told)


def _add_process(_: Any, __: str, event: Event) -> Event:
    """What a worker does as it writes the line; an author's own words of these names stay."""
    for key, value in current_log_context().items():
        event.setdefault(key, value)
    return event


def _add_user(_: Any, __: str, event: Event) -> Event:
    """Who asks, if that was found out already; nobody is looked up for the sake of a log line."""
    request = _request.get()
    name = _name_of(request) if request is not None else ""
    if name:
        event.setdefault("user", name)
    return event


def _name_of(request: HttpRequest) -> str:
    known: Any = vars(request).get("user")
    if known is None or isinstance(known, LazyObject):
        known = vars(request).get("_cached_user")
    return str(known.get_username()) if known is not None else ""


def _without_refused_trace(_: Any, __: str, event: Event) -> Event:
    """A request that was refused is nobody's fault in the code; Django writes its traceback as that of a failure."""
    is_refusal = event.get("logger") == "django.request" and event.get("level") == "warning"
    if is_refusal or str(event.get("logger", "")).startswith("django.security."):
        event.pop("exc_info", None)
    return event


def _without_leftovers(_: Any, __: str, event: Event) -> Event:
    """Django hands over the whole request, with the query and what is in it; other handlers leave their texts."""
    for key in LEFTOVERS:
        event.pop(key, None)
    return event


_SHARED: list[structlog.types.Processor] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    _without_refused_trace,
    structlog.processors.format_exc_info,
    _add_process,
    _add_user,
    _without_leftovers,
]


def _as_json(_: Any, __: str, event: Event) -> str:
    """One JSON object on one line; what JSON lets stand and a terminal obeys is escaped as JSON does."""
    ordered = {**{key: event[key] for key in FIRST if key in event}, **event}
    try:
        line = orjson.dumps(ordered, default=str, option=orjson.OPT_NON_STR_KEYS).decode()
    except TypeError:  # a number or a text that orjson does not take; a line must not be lost for it
        line = json.dumps(ordered, default=str)
    return line if line.isascii() and line.isprintable() else _OBEYED.sub(_as_json_escape, line)


def _as_json_escape(found: re.Match[str]) -> str:
    return f"\\u{ord(found[0]):04x}"


def _as_line(_: Any, __: str, event: Event) -> str:
    """One line for people, with the traceback at its end: no text that was logged begins a line of its own."""
    event["exception"] = event.pop("exception", None)
    moment, level, name, text = (on_one_line(str(event.pop(key, ""))) for key in FIRST)
    return f"{moment} {level.upper():7} {name}: {text}{_pairs(event)}"


def _pairs(event: Mapping[str, Any]) -> str:
    return "".join(f" {on_one_line(f'{key}={value}')}" for key, value in event.items() if value is not None)


def _without_secrets(_: Any, __: str, line: Any) -> str:
    """What people typed into fields of secrets has a mask in its place while a step or a form works with it."""
    return hide(str(line))


RENDERERS: Mapping[str, structlog.types.Processor] = {"json": _as_json, "line": _as_line}
