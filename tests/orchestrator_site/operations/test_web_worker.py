"""The web server as it is started, on a site of four lines: slow clients hold no thread, and are held to a time."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.orchestrator_site.operations.processes import memory_of

THREADS = 2
TOKEN = b"Authorization: Token x\r\n"


@dataclass(frozen=True)
class Server:
    """One web process of two threads."""

    port: int
    pid: int

    def connect(self) -> socket.socket:
        return socket.create_connection(("127.0.0.1", self.port), timeout=10)

    def say(self, text: bytes) -> bytes:
        """All that is answered to these bytes."""
        with closing(self.connect()) as connection:
            connection.sendall(text)
            return read_all(connection)

    def get(self, path: bytes = b"/") -> bytes:
        return self.say(b"GET " + path + b" HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")


def read_all(connection: socket.socket) -> bytes:
    parts = []
    while part := connection.recv(65_536):
        parts.append(part)
    return b"".join(parts)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """One that gives a request two seconds."""
    with serving(tmp_path_factory.mktemp("web") / "log", seconds=2) as server:
        yield server


@pytest.fixture
def patient_server(tmp_path: Path) -> Iterator[Server]:
    """One that gives a request longer than anybody here waits."""
    with serving(tmp_path / "log", seconds=300) as server:
        yield server


@contextmanager
def serving(log: Path, *, seconds: int) -> Iterator[Server]:
    port = free_port()
    command = [sys.executable, "-m", "gunicorn", "-c", "python:orchestrator_site.operations.serving"]
    command += ["--bind", f"127.0.0.1:{port}", "--workers", "1", "--threads", str(THREADS)]
    environment = {
        **os.environ,
        "REQUEST_SECONDS": str(seconds),
        "DJANGO_SETTINGS_MODULE": "orchestrator_site.settings.test",
    }
    with log.open("wb") as output:
        started = subprocess.Popen(
            [*command, "tests.fakes.slow_site:application"],
            env=environment,
            stdout=output,
            stderr=output,
        )
    try:
        yield Server(port, _answering(port, log))
    finally:
        started.terminate()
        started.wait(20)


def _answering(port: int, log: Path) -> int:
    for _ in range(200):
        try:
            answer = Server(port, 0).get()
            return int(answer.partition(b"\r\n\r\n")[2].split()[0])
        except OSError:
            time.sleep(0.1)
    raise AssertionError(log.read_text())


def test_many_slow_bodies_leave_every_thread_free(patient_server: Server) -> None:
    """M8, at small size: sixty clients of two threads, each with half a body, which nobody ends meanwhile."""
    server = patient_server
    with ExitStack() as stack:
        slow = [stack.enter_context(closing(server.connect())) for _ in range(60)]
        for one in slow:
            one.sendall(b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1000\r\n\r\nx")
        answers = [server.get() for _ in range(20)]

        assert {answer[:15] for answer in answers} == {b"HTTP/1.1 200 OK"}
        assert memory_of(server.pid) < 120


def test_health_static_files_and_refusals_wait_for_no_page(server: Server) -> None:
    """As while a database is silent, for which every thread of the pages waits."""
    with ExitStack() as stack:
        for _ in range(2 * THREADS):
            stack.enter_context(closing(server.connect())).sendall(b"GET /wait HTTP/1.1\r\nHost: a\r\n\r\n")
        time.sleep(0.3)
        started = time.monotonic()
        answers = [server.get(path)[:15] for path in (b"/api/health/", b"/static/site/fault.css")]
        refused = server.say(b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 9000000\r\n\r\n")[:12]

        assert time.monotonic() - started < 1.5
        assert (answers, refused) == ([b"HTTP/1.1 200 OK"] * 2, b"HTTP/1.1 413")


def test_a_body_that_does_not_come_in_time_is_told_so(server: Server) -> None:
    answer = server.say(b"POST /api/processes/x HTTP/1.1\r\nHost: a\r\nContent-Length: 1000\r\n\r\nx")

    head, _, body = answer.partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 408 Request Timeout")
    assert b"Content-Type: application/problem+json" in head
    assert b'"detail":"The request did not arrive in time."' in body


def test_a_head_that_does_not_come_in_time_is_closed(server: Server) -> None:
    assert server.say(b"GET / HTTP/1.1\r\nHost").startswith(b"HTTP/1.")


@pytest.mark.parametrize(("credentials", "length"), [(b"", 1_000_001), (TOKEN, 2_500_001), (TOKEN, 10**15)])
def test_a_body_that_is_too_large_is_refused_by_its_length(server: Server, credentials: bytes, length: int) -> None:
    """H5: nothing of it is read."""
    answer = server.say(b"POST / HTTP/1.1\r\nHost: a\r\n%bContent-Length: %d\r\n\r\n" % (credentials, length))

    assert answer.startswith(b"HTTP/1.1 413 ")
    assert answer.endswith(b"The request body is too large.\n")


def test_nobody_is_asked_to_go_on_with_a_body_that_is_refused(server: Server) -> None:
    head = b"POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 9000000\r\n\r\n"

    assert server.say(head).startswith(b"HTTP/1.1 413 ")


def test_a_body_in_chunks_is_refused_when_it_grows_too_large(server: Server) -> None:
    with closing(server.connect()) as connection:
        connection.sendall(b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n")
        for _ in range(11):
            connection.sendall(b"186a0\r\n" + b"x" * 100_000 + b"\r\n")

        assert read_all(connection).startswith(b"HTTP/1.1 413 ")


@pytest.mark.parametrize(
    "head",
    [
        b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 6\r\nTransfer-Encoding: chunked\r\n\r\n",
        b"POST / HTTP/1.1\r\nHost: a\r\ntransfer-encoding: chunked\r\ncontent-length: 6\r\n\r\n",
        b"POST / HTTP/1.0\r\nHost: a\r\nConnection: keep-alive\r\nTransfer-Encoding: chunked\r\n\r\n",
        b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 6\r\nContent-Length: 0\r\n\r\n",
        b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding : chunked\r\n\r\n",
    ],
)
def test_a_second_request_is_not_smuggled_in_a_body_of_two_lengths(server: Server, head: bytes) -> None:
    answer = server.say(head + b"0\r\n\r\nGET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n")

    assert answer.startswith((b"HTTP/1.1 400 ", b"HTTP/1.0 400 "))
    assert answer.count(b"HTTP/1.") == 1


def test_a_chunk_that_is_too_large_is_refused_by_its_length(server: Server) -> None:
    answer = server.say(b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nFFFFFFFFFFFFFFFFFFFF\r\nabc")

    assert answer.startswith(b"HTTP/1.1 413 ")


def test_a_whole_body_comes_in_as_it_was_sent(server: Server) -> None:
    body = b"x" * 200_000
    request = b"POST / HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: 200000\r\n\r\n"

    assert server.say(request + body).endswith(b" 200000")


def test_head_has_the_length_and_no_body(server: Server) -> None:
    head, _, body = server.say(b"HEAD / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n").partition(b"\r\n\r\n")

    assert b"Content-Length: " in head
    assert body == b""


def test_a_long_answer_comes_whole(server: Server) -> None:
    assert server.get(b"/much").count(b"x" * 1000) == 10_000


def test_readers_that_fetch_nothing_do_not_stop_the_others(server: Server) -> None:
    """One reader of a long answer holds a thread until it is closed; the other thread goes on."""
    with closing(server.connect()) as reader:
        reader.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        reader.sendall(b"GET /much HTTP/1.1\r\nHost: a\r\n\r\n")
        time.sleep(0.2)

        assert server.get().startswith(b"HTTP/1.1 200 OK")


@pytest.mark.parametrize("request_line", [b"GET / HTTP/9.9", b"\x00\x01", b"GET /%ff%00", b"GET http://[ HTTP/1.1"])
def test_what_is_no_request_is_refused(server: Server, request_line: bytes) -> None:
    answer = server.say(request_line + b"\r\nHost: a\r\nConnection: close\r\n\r\n")

    assert answer[9:12] in {b"400", b"200"}  # a path of any bytes is for the site to refuse
    assert b"Traceback" not in answer
