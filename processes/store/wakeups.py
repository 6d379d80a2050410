"""Wake idle workers: NOTIFY on PostgreSQL, a datagram to each worker's socket on SQLite; whoever misses one polls."""

import select
import socket
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

from django.db import connection, transaction

from processes.store import sqlite_files
from processes.store.sql import postgresql


def wake() -> None:
    """Tell idle workers, when the present transaction commits, that a process is ready."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(postgresql.NOTIFY)
    else:
        transaction.on_commit(sqlite_files.send_to_all)


class Listener:
    """Wait for `wake`. Open it before looking for work, so that none is missed in between; close it in the end."""

    def __init__(self, on_connect: Callable[[], None] = lambda: None) -> None:
        """`on_connect` is called with each new connection."""
        self._on_connect = on_connect
        self._listening: Any = None
        self._socket: tuple[socket.socket, Path] | None = None
        if connection.vendor == "postgresql":
            self._wait: Callable[[float], None] = self._wait_for_notify
            self._listen()
        else:
            self._socket = sqlite_files.open_socket()
            self._wait = time.sleep if self._socket is None else self._wait_for_datagram
            self._on_connect()

    def wait(self, seconds: float) -> None:
        """Return at the next wake-up, or after so many seconds."""
        self._wait(seconds)

    def close(self) -> None:
        """Leave no socket behind; a connection stops listening when it is closed."""
        if self._socket is not None:
            listening, file = self._socket
            file.unlink(missing_ok=True)
            listening.close()

    def _listen(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute(postgresql.LISTEN)
        self._listening = connection.connection
        self._on_connect()

    def _wait_for_notify(self, seconds: float) -> None:
        """On the present connection; a step may have had the former one closed, so look for work once more then."""
        if connection.connection is not self._listening:
            self._listen()
            return
        with connection.wrap_database_errors:
            for _ in self._listening.notifies(timeout=seconds, stop_after=1):
                return

    def _wait_for_datagram(self, seconds: float) -> None:
        assert self._socket is not None
        listening, _ = self._socket
        if select.select([listening], [], [], seconds)[0]:
            with suppress(BlockingIOError):
                while listening.recv(16):
                    pass
