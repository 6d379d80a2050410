"""Keep the lease of a process while a step takes long: one thread a worker, which wakes only while there is a claim."""

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import DatabaseError, connection

from processes import store
from processes.store import Claim, leases

logger = logging.getLogger(__name__)

BEAT_SECONDS = store.LEASE_SECONDS / 3


class _Heart:
    """The thread and the claim it beats for."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._claim: Claim | None = None
        self._thread: threading.Thread | None = None

    def beat_for(self, claim: Claim | None) -> None:
        with self._changed:
            self._claim = claim
            if self._thread is None or not self._thread.is_alive():
                self._thread = threading.Thread(target=self._run, name="heartbeat", daemon=True)
                self._thread.start()

    def _run(self) -> None:
        while True:
            with self._changed:
                self._changed.wait(BEAT_SECONDS)
                claim = self._claim
            if claim is not None:
                self._beat(claim)

    def _beat(self, claim: Claim) -> None:
        try:
            leases.extend(claim)
        except DatabaseError:
            logger.warning("The heartbeat of process %s could not be written", claim.process_id, exc_info=True)
        finally:
            connection.close()


_heart = _Heart()


@contextmanager
def lease_kept(claim: Claim, heart: _Heart = _heart) -> Iterator[None]:
    """Extend the lease of this claim every few seconds until the block ends."""
    heart.beat_for(claim)
    try:
        yield
    finally:
        heart.beat_for(None)
