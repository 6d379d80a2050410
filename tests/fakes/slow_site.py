"""A site without a database, for tests of the web server: it says who it is, what it was sent, or a lot."""

import os
import time
from collections.abc import Callable, Iterable
from typing import Any

import django

django.setup()


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """`/much` sends ten megabytes in pieces, `/wait` takes its time.

    Any other path gives the number of this process and the length of the body.
    """
    if environ["PATH_INFO"] == "/much":
        start_response("200 OK", [("Content-Type", "text/plain")])
        return (b"x" * 100_000 for _ in range(100))
    if environ["PATH_INFO"] == "/wait":
        time.sleep(3)
    body = environ["wsgi.input"].read()
    answer = f"{os.getpid()} {len(body)}".encode()
    start_response("200 OK", [("Content-Type", "text/plain"), ("Content-Length", str(len(answer)))])
    return [answer]
