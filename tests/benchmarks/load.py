"""A load: clients that ask for a page again and again, all from one loop, so that little is taken from the server.

A client keeps its connection and asks again as soon as it is answered.
"""

import re
import selectors
import socket
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

ANSWER_SECONDS = 60
_LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)


class WrongAnswer(Exception):
    """The server answered otherwise than expected; the message has the beginning of it."""


@dataclass(frozen=True)
class Load:
    """What came of it: answers a second, and the milliseconds that each took, in the order in which they came."""

    a_second: float
    milliseconds: tuple[float, ...]
    bytes: int
    """Of the body of the last answer."""


@dataclass
class _Client:
    connection: socket.socket
    asked_at: float = 0.0
    heard: bytes = b""
    took: list[float] = field(default_factory=list)


def request(path: str, headers: Mapping[str, str]) -> bytes:
    """A GET as it goes over the wire; the headers name the host."""
    lines = [f"GET {path} HTTP/1.1", *(f"{name}: {value}" for name, value in headers.items())]
    return "\r\n".join([*lines, "", ""]).encode()


def drive(
    port: int, asked: Sequence[bytes], *, clients: int = 1, seconds: float = 0, answers: int = 1, status: int = 200
) -> Load:
    """Ask for so many seconds, and for so many answers of each client at least; the requests take turns.

    Raises WrongAnswer unless each answer has that status.
    """
    with selectors.DefaultSelector() as selector:
        everyone = [_Client(socket.create_connection(("127.0.0.1", port), ANSWER_SECONDS)) for _ in range(clients)]
        number = 0
        try:
            began = time.perf_counter()
            for client in everyone:
                selector.register(client.connection, selectors.EVENT_READ, client)
                number = _ask(client, asked, number)
            waiting, size = len(everyone), 0
            while waiting:
                for key, _ in _ready(selector):
                    client = key.data
                    length = _hear(client, status)
                    if length is None:
                        continue
                    size = length
                    if time.perf_counter() - began < seconds or len(client.took) < answers:
                        number = _ask(client, asked, number)
                    else:
                        waiting -= 1
            took = time.perf_counter() - began
        finally:
            for client in everyone:
                client.connection.close()
    milliseconds = tuple(one for client in everyone for one in client.took)
    return Load(len(milliseconds) / took, milliseconds, size)


def _ready(selector: selectors.BaseSelector) -> list[tuple[selectors.SelectorKey, int]]:
    events = selector.select(ANSWER_SECONDS)
    if not events:
        raise WrongAnswer(f"No answer within {ANSWER_SECONDS} seconds.")
    return events


def _ask(client: _Client, asked: Sequence[bytes], number: int) -> int:
    """Send the request whose turn it is; the number of the next one."""
    client.heard = b""
    client.asked_at = time.perf_counter()
    client.connection.sendall(asked[number % len(asked)])
    return number + 1


def _hear(client: _Client, status: int) -> int | None:
    """Read what has come; the length of the body once it is whole. Raises WrongAnswer."""
    more = client.connection.recv(1 << 18)
    client.heard += more
    head, ended, body = client.heard.partition(b"\r\n\r\n")
    if not more:
        raise WrongAnswer(f"The connection was closed after {client.heard[:300]!r}")
    if not ended:
        return None
    if not head.startswith(f"HTTP/1.1 {status} ".encode()):
        raise WrongAnswer(client.heard[:600].decode(errors="replace"))
    length = _length(head, status)
    if len(body) < length:
        return None
    client.took.append(1000 * (time.perf_counter() - client.asked_at))
    return length


def _length(head: bytes, status: int) -> int:
    if status == 304:
        return 0
    told = _LENGTH.search(head)
    if told is None:
        raise WrongAnswer(f"No Content-Length in {head!r}")
    return int(told[1])
