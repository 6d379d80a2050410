"""Connections of the web server: whole requests are taken in, and whole answers held, while no thread waits for them.

waitress reads and writes all connections of a process in one loop; a thread is given a request when the last byte of
its body is here, and is free again when the answer is made. What is added to it here are deadlines and bounds: how
long a request may take to come, how slowly an answer may be fetched, how much may be held of all of them together.
Not here: the processes (`web_worker`), and what is refused for its contents (`orchestrator_site.limits`).
"""

import logging
from collections.abc import Iterator
from contextlib import suppress
from socket import SHUT_WR
from time import time
from typing import Any

import orjson
from django.conf import settings
from waitress.adjustments import Adjustments
from waitress.channel import HTTPChannel
from waitress.parser import HTTPRequestParser, ParsingError
from waitress.server import TcpWSGIServer, UnixWSGIServer
from waitress.task import ErrorTask, ThreadedTaskDispatcher
from waitress.utilities import Error, RequestEntityTooLarge

from orchestrator_site.rest.problem import CONTENT_TYPE, TOO_LARGE, Problem

logger = logging.getLogger(__name__)

IDLE_SECONDS = 60.0
"""How long a connection may say nothing between two requests."""
FETCH_SECONDS, FETCH_BYTES = 30.0, 30_000
"""An answer is fetched by so many bytes in so much time, or not to its end."""
HELD_BYTES = 64_000_000
"""Of bodies that are not complete, in a web process; they lie in temporary files from `SPILL_BYTES` on."""
SPILL_BYTES = 16_384
QUICK = ("/static/", "/api/health/")
LINGER_SECONDS = 2.0
LONGEST_HEADER = 32_768
MOST_OUTPUT = 1_000_000
"""Bytes of an answer that are held until they are fetched; whoever makes more of it waits."""


class RequestTimeout(Error):
    code, reason = 408, "Request Timeout"


class Overloaded(Error):
    code, reason = 503, "Service Unavailable"


PROBLEMS = {
    408: Problem(408, "The request did not arrive in time."),
    413: TOO_LARGE,
    431: Problem(431, f"The headers of a request have at most {LONGEST_HEADER} bytes."),
    503: Problem(503, "Too many requests are arriving. Try again in a moment.", headers={"Retry-After": "5"}),
}


def adjustments(*, threads: int, connections: int) -> Adjustments:
    """The settings of waitress for everybody, and under `anonymous` for who shows no credentials."""
    common: dict[str, Any] = {
        "threads": threads,
        "connection_limit": connections,
        "ident": "",
        "clear_untrusted_proxy_headers": False,  # Django reads them, as far as TRUSTED_PROXIES reaches
        "max_request_header_size": LONGEST_HEADER,
        "inbuf_overflow": SPILL_BYTES,
        "outbuf_high_watermark": MOST_OUTPUT,
        "recv_bytes": 65_536,
        "asyncore_use_poll": True,
        "log_socket_errors": False,
    }
    made = Adjustments(**common, max_request_body_size=settings.DATA_UPLOAD_MAX_MEMORY_SIZE + 1)
    made.anonymous = Adjustments(**common, max_request_body_size=settings.ANONYMOUS_UPLOAD_MAX_MEMORY_SIZE + 1)
    return made


class Request(HTTPRequestParser):
    """A request as it comes in."""

    adj: Any
    error: Error | None

    def __init__(self, adj: Adjustments) -> None:
        super().__init__(adj)
        self.begun_at = time()

    def received(self, data: bytes) -> int:
        try:
            taken: int = super().received(data)
        except OSError:  # no room for the file that a long body is kept in
            logger.exception("A body cannot be kept until it is complete")
            self.error, self.completed, taken = Overloaded("no room"), True, len(data)
        if not self.completed and getattr(self.body_rcv, "chunk_remainder", 0) >= self.adj.max_request_body_size:
            self.error, self.completed = RequestEntityTooLarge("a chunk"), True  # it is not waited for
        if self.error:
            self.expect_continue = False  # nobody is asked for a body that is refused
        return taken

    def parse_header(self, header_plus: bytes) -> None:
        """Read the head. Raises ParsingError also for one with two lengths, of which a proxy may believe the other."""
        names = {line.partition(b":")[0].strip().lower() for line in header_plus.split(b"\r\n")[1:]}
        is_old = header_plus.partition(b"\r\n")[0].rstrip().endswith(b"HTTP/1.0")
        if b"transfer-encoding" in names and (b"content-length" in names or is_old):
            raise ParsingError("Transfer-Encoding with another length")  # RFC 9112, 6.1
        try:
            super().parse_header(header_plus)
        except ValueError as error:  # of an address that is none
            raise ParsingError(str(error)) from error
        shown = "AUTHORIZATION" in self.headers or settings.SESSION_COOKIE_NAME in self.headers.get("COOKIE", "")
        if not shown and hasattr(self.adj, "anonymous"):
            self.adj = self.adj.anonymous


class Refusal(ErrorTask):
    """What is answered to a request that no view has seen."""

    def execute(self) -> None:
        error = self.request.error
        problem = PROBLEMS.get(error.code) or Problem(error.code, "The server could not read this request.")
        is_api = str(getattr(self.request, "path", "")).startswith(f"{settings.SITE_PREFIX}/api/")
        body = orjson.dumps(problem.as_json()) if is_api else f"{problem.detail}\n".encode()
        self.status = f"{error.code} {error.reason}"
        kind = CONTENT_TYPE if is_api else "text/plain; charset=utf-8"
        self.response_headers.extend([("Content-Type", kind), *problem.headers.items()])
        self.set_close_on_finish()
        self.content_length = len(body)
        self.channel.lingers = True
        self.write(body)


class Connection(HTTPChannel):
    """A connection that is closed when it is too slow."""

    parser_class = Request
    error_task_class = Refusal
    request: Request | None
    requests: list[Request]

    def __init__(self, *args: Any, **rest: Any) -> None:
        super().__init__(*args, **rest)
        self.sent = self.sent_before = 0
        self.looked_at = time()
        self.lingers = False  # its body may still be coming: closed at once it would lose the refusal
        self.lingers_until = 0.0

    def send(self, data: bytes, do_close: bool = True) -> int:
        sent: int = super().send(data, do_close)
        self.sent += sent
        return sent

    def handle_close(self) -> None:
        """Close; after a refusal say no more, and throw away for two seconds what still comes."""
        if self.lingers and not self.lingers_until and self.connected:
            self.will_close, self.lingers_until = False, time() + LINGER_SECONDS
            with suppress(OSError):
                self.socket.shutdown(SHUT_WR)
                return
        super().handle_close()

    def readable(self) -> bool:
        return bool(self.lingers_until) or super().readable()

    def handle_read(self) -> None:
        if not self.lingers_until:
            super().handle_read()
        elif not self.recv(self.adj.recv_bytes):
            self.will_close = True

    @property
    def held(self) -> int:
        """Bytes of a body that is not complete."""
        return int(self.request.body_bytes_received) if self.request else 0

    @property
    def is_answered(self) -> bool:
        """Whether a request is at work, or an answer on its way."""
        return bool(self.requests or self.total_outbufs_len)

    @property
    def is_quick(self) -> bool:
        """Whether what is to be done next must wait for no page, and so for no database: a refusal, a static file, and
        the question whether the site is well.
        """
        request = self.requests[0]
        return bool(request.error) or str(request.path).removeprefix(settings.SITE_PREFIX).startswith(QUICK)

    def look(self, now: float) -> None:
        """Refuse a request that takes too long; close what is idle, and who does not fetch the answer."""
        if self.lingers_until:
            self.will_close = now > self.lingers_until
            return
        if self.total_outbufs_len:
            self._look_at_answer(now)
            return
        self.sent_before, self.looked_at = self.sent, now
        if self.requests:
            return
        if self.request is not None:
            if now - self.request.begun_at > settings.REQUEST_SECONDS:
                self.refuse(RequestTimeout("late"))
        elif now - self.last_activity > IDLE_SECONDS:
            self.will_close = True

    def _look_at_answer(self, now: float) -> None:
        if now - self.looked_at < FETCH_SECONDS:
            return
        if self.sent - self.sent_before < FETCH_BYTES:
            self.will_close = True
        self.sent_before, self.looked_at = self.sent, now

    def refuse(self, error: Error) -> None:
        """Answer a request that is not complete, and read no more of it."""
        with self.requests_lock:
            request, self.request = self.request, None
            if request is None:
                return
            request.error, request.completed = error, True
            self.requests.append(request)
            self.server.add_task(self)


class _Watched:
    """What both kinds of listening socket share: a look at all connections once a second, instead of waitress's own."""

    channel_class = Connection
    active_channels: dict[int, Connection]
    adj: Adjustments
    in_connection_overflow: bool
    quick: ThreadedTaskDispatcher
    task_dispatcher: ThreadedTaskDispatcher

    def add_task(self, task: Connection) -> None:
        """Have the first request of a connection answered."""
        (self.quick if task.is_quick else self.task_dispatcher).add_task(task)

    def maintenance(self, now: float) -> None:
        """Nothing: `look` does it, and more often."""

    def look(self, now: float) -> None:
        """Look at every connection, and let go of some where there are too many or too much is held."""
        for one in list(self.active_channels.values()):
            one.look(now)
        for one in self._too_much():
            one.refuse(Overloaded("much"))
        if self.in_connection_overflow:
            for one in self._oldest():
                one.will_close = True

    def _coming(self) -> list[Connection]:
        return [one for one in self.active_channels.values() if one.request is not None and not one.requests]

    def _too_much(self) -> Iterator[Connection]:
        """The largest, until the others are not too much together."""
        coming = sorted(self._coming(), key=lambda one: one.held, reverse=True)
        held = sum(one.held for one in coming)
        for one in coming:
            if held <= HELD_BYTES:
                return
            held -= one.held
            yield one

    def _oldest(self) -> list[Connection]:
        """A tenth of those that nothing is done for, the longest open first."""
        waiting = [one for one in self.active_channels.values() if not one.is_answered]
        return sorted(waiting, key=lambda one: one.creation_time)[: self.adj.connection_limit // 10]


class TcpServer(_Watched, TcpWSGIServer):
    """Listens on an address of the network."""


class UnixServer(_Watched, UnixWSGIServer):
    """Listens on a socket in the file system."""
