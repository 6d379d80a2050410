"""Several callers at the same moment, each in a thread with a database connection of its own."""

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from django.db import connection

T = TypeVar("T")


def together(calls: Sequence[Callable[[], T]]) -> list[T | Exception]:
    """What each call returned or raised, in order. All have a connection before any begins."""
    gate = threading.Barrier(len(calls), timeout=30)
    with ThreadPoolExecutor(len(calls)) as threads:
        answers = [threads.submit(_through, gate, call) for call in calls]
    return [one.result() for one in answers]


def _through(gate: threading.Barrier, call: Callable[[], T]) -> T | Exception:
    try:
        connection.ensure_connection()
        gate.wait()
        return call()
    except Exception as error:
        return error
    finally:
        connection.close()
