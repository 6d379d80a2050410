"""The only room that knows django-q2: it hosts the workers, as long-lived `serve` tasks. Its messages may be lost.

They go through Redis when REDIS_URL is set and it answers, else through a table; each host has a queue of its own.
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
import time
from collections.abc import Callable
from contextlib import suppress
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

from django.db import DatabaseError, connection, transaction
from django_q.brokers.orm import ORM
from django_q.cluster import Cluster
from django_q.conf import Conf
from django_q.models import OrmQ
from django_q.tasks import async_task

from processes import liveness, redis_list, worker_files

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
        transaction.on_commit(worker_files.send_to_all)


def wake_by() -> str:
    """The same as an expression of PostgreSQL, for a statement that makes a process ready."""
    if connection.vendor == "postgresql":
        return f"pg_notify('{CHANNEL}', '')"
    wake()
    return "NULL"


class Broker(ORM):
    """How django-q2 gets its messages. Redis and the table need not agree: a message that is missed is offered anew."""

    @staticmethod
    def get_connection(list_key: str | None = None) -> Any:  # noqa: ARG004 - django-q2 calls it so
        """The table, by the present connection: django-q2 would open a new one for each look."""
        return OrmQ.objects.all()

    def enqueue(self, task: str) -> int:
        try:
            redis_list.push(self.list_key, task)
        except redis_list.Away:
            return int(super().enqueue(task))
        return 0

    def dequeue(self) -> list[tuple[int | None, str]] | None:
        """At most one message; waits a while for it. Number 0 needs no receipt."""
        try:
            task = redis_list.pop(self.list_key, Conf.POLL)
        except redis_list.Away:
            return self._dequeue_row()
        return None if task is None else [(0, task.decode())]

    def _dequeue_row(self) -> list[tuple[int | None, str]] | None:
        """An error would have django-q2 do nothing for ten seconds."""
        try:
            rows: list[tuple[int | None, str]] | None = super().dequeue()
        except DatabaseError:
            logger.warning("The queue table is not reachable", exc_info=True)
            connection.close()
            time.sleep(Conf.POLL)
            return None
        return rows

    def queue_size(self) -> int:
        try:
            return redis_list.count(self.list_key)
        except redis_list.Away:
            return int(super().queue_size())

    def purge_queue(self) -> None:
        with suppress(redis_list.Away):
            redis_list.clear(self.list_key)
        super().purge_queue()

    def set_stat(self, key: str, value: str, timeout: int) -> None:
        """Nobody asks for django-q2's statistics."""


def queue_name() -> str:
    """The queue of this host, apart from those of other sites: a cluster takes in more than its workers can serve."""
    database = connection.settings_dict
    site = hashlib.sha256(f"{database['HOST']}:{database['PORT']}/{database['NAME']}".encode()).hexdigest()[:12]
    return f"orchestrator:serve:{site}:{liveness.host()}"[:100]


def offer_serving(count: int) -> None:
    """Put `serve` tasks on the queue; each occupies one worker until it is recycled, told to stop, or killed."""
    for _ in range(count):
        async_task(SERVE, task_name="serve", ack_failure=True, cluster=queue_name())


def offered() -> int:
    """How many `serve` tasks wait for a worker."""
    return Broker(queue_name()).queue_size()


def forget_all() -> None:
    """Empty the queue: a new cluster gets new `serve` tasks."""
    Broker(queue_name()).purge_queue()


def start_cluster(workers: int) -> BaseProcess:
    """Fork the cluster, a process group of its own. Every process of it dies with its parent, and so with this one."""
    connection.close()
    cluster = multiprocessing.get_context("fork").Process(target=_be_cluster, args=(workers,))
    cluster.start()
    return cluster


def _be_cluster(workers: int) -> None:
    """Fork the workers and guard them, until killed.

    A host that stops everything at once sends SIGTERM to all of us: it is blocked here and in all children but for
    those that serve, who would be killed with their parent otherwise.
    """
    os.setsid()
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTERM})
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, signal.SIG_DFL)
    die_with_parent()
    os.register_at_fork(after_in_child=die_with_parent)
    Conf.WORKERS = workers
    Conf.CLUSTER_NAME = queue_name()
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
        self._socket: tuple[socket.socket, Path] | None = None
        if connection.vendor == "postgresql":
            self._wait: Callable[[float], None] = self._wait_for_notify
            self._listen()
        else:
            self._socket = worker_files.open_socket()
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
        listening, _ = self._socket
        if select.select([listening], [], [], seconds)[0]:
            with suppress(BlockingIOError):
                while listening.recv(16):
                    pass
