"""The only room that knows django-q2: it hosts the workers, as long-lived `serve` tasks. Its messages may be lost.

Wake-ups are ours: NOTIFY on PostgreSQL, a datagram to each worker's socket on SQLite; whoever misses one polls.
"""

import ctypes
import hashlib
import logging
import multiprocessing
import os
import select
import signal
import socket
import tempfile
import time
from collections.abc import Callable
from contextlib import suppress
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django_q.brokers.orm import ORM
from django_q.cluster import Cluster
from django_q.conf import Conf
from django_q.models import OrmQ
from django_q.tasks import async_task

logger = logging.getLogger(__name__)

SERVE = "processes.tasks.serve"
CHANNEL = "processes_ready"
_PR_SET_PDEATHSIG = 1


def wake() -> None:
    """Tell idle workers, when the present transaction commits, that a process is ready."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(f"NOTIFY {CHANNEL}")
    else:
        transaction.on_commit(_send_datagrams)


def wake_by() -> str:
    """The same as an expression of PostgreSQL, for a statement that makes a process ready."""
    if connection.vendor == "postgresql":
        return f"pg_notify('{CHANNEL}', '')"
    wake()
    return "NULL"


def offer_serving(count: int) -> None:
    """Put `serve` tasks on the queue; each occupies one worker until it is recycled, told to stop, or killed."""
    for _ in range(count):
        async_task(SERVE, task_name="serve", ack_failure=True)


def offered() -> int:
    """How many `serve` tasks wait for a worker."""
    return int(ORM(list_key=Conf.CLUSTER_NAME).queue_size())


def forget_all() -> None:
    """Empty the queue: a new cluster gets new `serve` tasks."""
    OrmQ.objects.filter(key=Conf.CLUSTER_NAME).delete()


def start_cluster(workers: int) -> BaseProcess:
    """Fork the cluster, a process group of its own. Every process of it dies with its parent, and so with this one."""
    connection.close()
    cluster = multiprocessing.get_context("fork").Process(target=_be_cluster, args=(workers,))
    cluster.start()
    return cluster


def _be_cluster(workers: int) -> None:
    """Fork the workers and guard them, until killed."""
    os.setsid()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, signal.SIG_DFL)
    die_with_parent()
    os.register_at_fork(after_in_child=die_with_parent)
    Conf.WORKERS = workers
    Cluster().start()
    while True:
        time.sleep(3600)


def die_with_parent() -> None:
    """Ask the kernel to kill this process when its parent dies (Linux; elsewhere leases do it later)."""
    with suppress(OSError, AttributeError):
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)


class Listener:
    """Wait for `wake`. Open it before looking for work, so that none is missed in between; close it in the end."""

    def __init__(self, on_connect: Callable[[], None] = lambda: None) -> None:
        """`on_connect` is called with each new connection."""
        self._on_connect = on_connect
        self._listening: Any = None
        self._socket: socket.socket | None = None
        if connection.vendor == "postgresql":
            self._wait: Callable[[float], None] = self._wait_for_notify
            self._listen()
        else:
            self._wait = self._wait_for_datagram
            self._socket = _open_socket()

    def wait(self, seconds: float) -> None:
        """Return at the next wake-up, or after so many seconds."""
        self._wait(seconds)

    def close(self) -> None:
        """Leave no socket behind; a connection stops listening when it is closed."""
        if self._socket is not None:
            Path(self._socket.getsockname()).unlink(missing_ok=True)
            self._socket.close()

    def _listen(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute(f"LISTEN {CHANNEL}")
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
        if select.select([self._socket], [], [], seconds)[0]:
            with suppress(BlockingIOError):
                while self._socket.recv(16):
                    pass


def _folder() -> Path:
    """Where the workers of this SQLite database have their sockets; short, since socket paths must be."""
    name = hashlib.sha256(str(settings.DATABASES["default"]["NAME"]).encode()).hexdigest()[:12]
    folder = Path(tempfile.gettempdir()) / f"orchestrator-{os.getuid()}-{name}"
    folder.mkdir(mode=0o700, exist_ok=True)
    return folder


def _open_socket() -> socket.socket:
    path = _folder() / f"{os.getpid()}.sock"
    path.unlink(missing_ok=True)
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    listener.bind(str(path))
    listener.setblocking(False)
    return listener


def _send_datagrams() -> None:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as sender:
        sender.setblocking(False)
        for path in _folder().glob("*.sock"):
            try:
                sender.sendto(b"!", str(path))
            except BlockingIOError:
                continue
            except OSError:
                path.unlink(missing_ok=True)
