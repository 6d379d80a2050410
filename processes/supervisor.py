"""Keep workers serving on this host: the parent of `manage.py workers`. It runs no user code and trusts no child.

Its pulse asks the operating system which workers are alive, rescues what the dead ones held, keeps every worker
supplied with a `serve` task, and starts the whole cluster anew when nothing serves.
"""

import logging
import os
import signal
import threading
import time
from contextlib import suppress
from multiprocessing.process import BaseProcess
from types import FrameType

from django.db import DatabaseError, connection

from processes import deadlines, liveness, queue, rescue
from processes.clock import EngineNow
from processes.models import Worker

logger = logging.getLogger(__name__)

PULSE_SECONDS = 0.25
READ_SECONDS = 1.0
BEAT_SECONDS = 5.0
GRACE_SECONDS = 5.0
SHORT_SECONDS = 3.0
HUNG_SECONDS = 15.0


class Supervisor:
    """One on each host; any number of hosts."""

    def __init__(self, processes: int) -> None:
        self.processes = processes
        self._stop = threading.Event()
        self._cluster: BaseProcess | None = None
        self._workers: list[Worker] = []
        self._read_at = self._beat_at = 0.0
        self._served_at = self._full_at = time.monotonic()

    def run(self) -> None:
        """Work until SIGTERM or SIGINT; then let running steps finish for a few seconds, and stop everything."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._ask_to_stop)
        try:
            self._begin()
            while not self._stop.wait(PULSE_SECONDS):
                self._pulse_safely()
        finally:
            self._end()

    def _ask_to_stop(self, number: int, frame: FrameType | None) -> None:
        self._stop.set()

    def _begin(self) -> None:
        """Rescue what a former life of this host left behind, before any claim."""
        self._read(time.monotonic())
        self._bury()
        self._start_cluster()

    def _start_cluster(self) -> None:
        queue.forget_all()
        queue.offer_serving(self.processes)
        self._cluster = queue.start_cluster(self.processes)
        self._served_at = self._full_at = time.monotonic()

    def _pulse_safely(self) -> None:
        try:
            self._pulse(time.monotonic())
        except DatabaseError:
            logger.exception("The database is out of reach; trying again")
            connection.close()
            self._stop.wait(READ_SECONDS)

    def _pulse(self, now: float) -> None:
        self._bury()
        if now - self._read_at >= READ_SECONDS:
            self._read(now)
            self._kill_overdue()
            self._bury_others()
            rescue.rescue_expired()
            self._supply(now)
        if now - self._beat_at >= BEAT_SECONDS:
            self._beat_at = now
            Worker.objects.filter(pk__in=[one.pk for one in self._workers]).update(beat_at=EngineNow())
        self._watch(now)

    def _read(self, now: float) -> None:
        self._read_at = now
        self._workers = liveness.workers_of_this_host()

    def _bury_others(self) -> None:
        """The same for workers of any host whose session has ended; one that lives all the same is fenced."""
        self._take_back([one for one in liveness.without_session() if one not in {mine.pk for mine in self._workers}])

    def _take_back(self, dead: list[str]) -> None:
        rescue.rescue_from(dead)
        for worker_id in dead:
            liveness.sign_off(worker_id)

    def _bury(self) -> None:
        """Sign off the dead of this host, and take back what they held."""
        dead = [one.pk for one in self._workers if not liveness.is_alive(one)]
        if not dead:
            return
        self._take_back(dead)
        self._workers = [one for one in self._workers if one.pk not in dead]
        if not self._stop.is_set() and self._cluster is not None:
            queue.offer_serving(len(dead))

    def _kill_overdue(self) -> None:
        """Fail the steps that are over their deadline, and kill the workers that still run them, in C code or not."""
        overdue = set(deadlines.fail_overdue([one.pk for one in self._workers]))
        for worker in self._workers:
            if worker.pk in overdue:
                with suppress(ProcessLookupError):
                    os.kill(worker.pid, signal.SIGKILL)

    def _supply(self, now: float) -> None:
        """Offer what is missing, once it has been missing for a while: a worker that starts takes a moment."""
        missing = self.processes - len(self._workers) - queue.offered()
        if missing <= 0:
            self._full_at = now
        elif now - self._full_at > SHORT_SECONDS:
            logger.warning("%s workers have nothing to serve; offering", missing)
            queue.offer_serving(missing)
            self._full_at = now

    def _watch(self, now: float) -> None:
        """Start the cluster anew when it has ended, or when nothing has served for long: it hangs."""
        if self._workers:
            self._served_at = now
        ended = self._cluster is None or not self._cluster.is_alive()
        if ended or now - self._served_at > HUNG_SECONDS:
            logger.error("The cluster has %s; starting it anew", "ended" if ended else "hung")
            self._kill_cluster()
            self._start_cluster()

    def _end(self) -> None:
        """Ask the workers to finish their step, wait a few seconds, then kill what is left and hand its work back."""
        try:
            self._ask_workers_to_stop()
        except DatabaseError:
            logger.exception("The database is out of reach; whoever comes next takes back what the workers held")
        finally:
            self._kill_cluster()
        self._bury()
        queue.forget_all()

    def _ask_workers_to_stop(self) -> None:
        self._read(time.monotonic())
        self._bury()
        for worker in self._workers:
            with suppress(ProcessLookupError):
                os.kill(worker.pid, signal.SIGTERM)
        until = time.monotonic() + GRACE_SECONDS
        while time.monotonic() < until and Worker.objects.filter(
            pk__in=[one.pk for one in self._workers], ended_at__isnull=True
        ):
            time.sleep(0.05)

    def _kill_cluster(self) -> None:
        if self._cluster is None or self._cluster.pid is None:
            return
        with suppress(ProcessLookupError):
            os.killpg(self._cluster.pid, signal.SIGKILL)
        self._cluster.kill()
        self._cluster.join()
