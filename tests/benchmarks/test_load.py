"""Clients of a load, against a server of the standard library."""

import threading
from collections import Counter
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from tests.benchmarks import load


class Handler(BaseHTTPRequestHandler):
    """Answers its path, in two pieces; 304 for /same, no length for /endless."""

    protocol_version = "HTTP/1.1"
    asked: Counter[str]

    def do_GET(self) -> None:
        self.asked[self.path] += 1
        self.send_response(304 if self.path == "/same" else 200)
        if self.path not in {"/same", "/endless"}:
            self.send_header("Content-Length", str(len(self.path)))
        self.end_headers()
        if self.path != "/same":
            self.wfile.write(self.path[:1].encode())
            self.wfile.flush()
            self.wfile.write(self.path[1:].encode())

    def log_message(self, *args: object) -> None:
        """Say nothing."""


@pytest.fixture
def server() -> Iterator[ThreadingHTTPServer]:
    Handler.asked = Counter()
    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as serving:
        thread = threading.Thread(target=serving.serve_forever, args=[0.01])
        thread.start()
        yield serving
        serving.shutdown()
        thread.join()


def test_requests_take_turns_until_each_client_has_its_answers(server: ThreadingHTTPServer) -> None:
    asked = [load.request(path, {"Host": "127.0.0.1"}) for path in ("/first", "/other")]

    done = load.drive(server.server_port, asked, clients=2, answers=3)

    assert Handler.asked == {"/first": 3, "/other": 3}
    assert (len(done.milliseconds), done.bytes, min(done.milliseconds) > 0) == (6, 6, True)


def test_a_load_lasts_for_its_seconds(server: ThreadingHTTPServer) -> None:
    done = load.drive(server.server_port, [load.request("/first", {})], seconds=0.1)

    assert len(done.milliseconds) > 1
    assert sum(done.milliseconds) >= 90


def test_an_answer_without_body_is_whole(server: ThreadingHTTPServer) -> None:
    done = load.drive(server.server_port, [load.request("/same", {})], answers=2, status=304)

    assert (len(done.milliseconds), done.bytes) == (2, 0)


@pytest.mark.parametrize(("path", "status", "reason"), [("/first", 404, "200 OK"), ("/endless", 200, "Content-Length")])
def test_a_wrong_answer_stops_the_load(server: ThreadingHTTPServer, path: str, status: int, reason: str) -> None:
    with pytest.raises(load.WrongAnswer, match=reason):
        load.drive(server.server_port, [load.request(path, {})], status=status)
