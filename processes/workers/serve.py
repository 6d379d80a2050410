"""What django-q2 runs: `serve`, the loop of a worker."""

import logging
import random
import signal
import time
from contextlib import closing
from functools import partial
from types import FrameType

from django.db import DatabaseError, connection

from processes import store
from processes.execution import drive, recovery
from processes.store import wakeups
from processes.workers import cluster, heartbeat, liveness
from processes.workers.frames import in_one_chunk

logger = logging.getLogger(__name__)

LIFE_SECONDS = 3600.0
IDLE_SECONDS = 1.0
LEAVING_SECONDS = 10.0
"""How long a worker that was told to stop waits to be killed: the next `serve` task may lie ready for it."""


class _Stop:
    """Set by SIGTERM: finish the step, hand the rest back, and return."""

    def __init__(self) -> None:
        self.asked = False
        self.ends_at = time.monotonic() + LIFE_SECONDS * random.uniform(0.9, 1.1)  # noqa: S311 - spreads restarts

    def __call__(self, signal_number: int, frame: FrameType | None) -> None:
        self.asked = True

    def is_asked(self) -> bool:
        return self.asked

    def is_due(self) -> bool:
        return self.asked or time.monotonic() > self.ends_at


def serve() -> None:
    """Claim and drive processes until told to stop; after about an hour make room for a fresh worker."""
    stop = _Stop()
    signal.signal(signal.SIGTERM, stop)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGTERM})
    worker = liveness.register()
    try:
        while not stop.is_due():
            in_one_chunk(_serve_until_trouble)(worker.pk, stop)
    finally:
        liveness.sign_off(worker.pk)
        if not stop.asked:
            cluster.offer_serving(1)
    if stop.asked:
        time.sleep(LEAVING_SECONDS)


def _serve_until_trouble(worker_id: str, stop: _Stop) -> None:
    """Serve; when the database is out of reach, close the connection and try again a little later.

    Between two processes a worker holds none: what it holds all the same was left to it when the database was lost.
    """
    try:
        recovery.recover_from_outage([worker_id])
        with closing(wakeups.Listener(partial(liveness.hold_session, worker_id))) as listener:
            while not stop.is_due():
                serve_one(worker_id, listener, stop)
    except DatabaseError:
        logger.exception("The database is not reachable; retrying")
        connection.close()
        time.sleep(IDLE_SECONDS)


def serve_one(worker_id: str, listener: wakeups.Listener, stop: _Stop) -> None:
    """Drive one process, or wait until there may be one."""
    claim = store.claim(worker_id)
    if claim is not None:
        drive.run_claimed(claim, stop.is_asked, heartbeat.lease_kept)
        return
    due = store.next_moment()
    listener.wait(IDLE_SECONDS if due is None else min(IDLE_SECONDS, due))
