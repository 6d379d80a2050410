"""The only room that knows django-q2: it hosts the workers, as long-lived `serve` tasks. Its messages may be lost.

They go through Redis when REDIS_URL is set and it answers, else through a table; each host has a queue of its own.
"""

import ctypes
import hashlib
import logging
import multiprocessing
import os
import signal
import time
from contextlib import suppress
from multiprocessing.process import BaseProcess
from typing import Any

from django.db import DatabaseError, connection
from django_q.brokers.orm import ORM
from django_q.cluster import Cluster
from django_q.conf import Conf
from django_q.models import OrmQ
from django_q.tasks import async_task

from processes.workers import liveness, redis_list

logger = logging.getLogger(__name__)

SERVE = "processes.workers.serve.serve"
_PR_SET_PDEATHSIG = 1


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
