"""Django's connection to PostgreSQL, which finds out without asking whether the server is still there."""

import select
from typing import Any

from django.db.backends.postgresql import base
from psycopg.pq import ConnStatus, TransactionStatus

_READABLE = select.POLLIN | select.POLLPRI | select.POLLHUP | select.POLLERR


class DatabaseWrapper(base.DatabaseWrapper):
    """A server that ends a connection says so: while the socket is silent, it is as usable as after a `SELECT 1`.

    Django asks that statement at the beginning of each request, which was 0.15 ms of 0.9 ms of an empty answer.
    """

    def is_usable(self) -> bool:
        """Whether the connection can be used; the server is asked only where it has sent something unasked."""
        raw: Any = self.connection
        if raw is None or raw.closed:
            return False
        server = raw.pgconn
        is_idle = server.status == ConnStatus.OK and server.transaction_status == TransactionStatus.IDLE
        return (is_idle and not _has_spoken(server.socket)) or super().is_usable()


def _has_spoken(socket: int) -> bool:
    """Whether there is something to read, or nobody at the other end."""
    waiting = select.poll()
    waiting.register(socket, _READABLE)
    return bool(waiting.poll(0))
