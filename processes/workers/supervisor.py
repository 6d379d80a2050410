"""Keep workers serving on this host: the parent of `manage.py workers`. It runs no user code and trusts no child.

Its pulse asks the operating system which workers are alive, recovers what the dead ones held, keeps every worker
supplied with a `serve` task, and starts the whole cluster anew when it hangs.
"""

import logging
import os
import signal
import threading
import time
from collections.abc import Callable, Collection, Iterable
from contextlib import suppress
from multiprocessing.process import BaseProcess
from types import FrameType

from django.db import DatabaseError, connection
from django.db.models import Max

from processes import store
from processes.engine.values.status import RunState
from processes.execution import recovery
from processes.models import Process, Worker
from processes.plugins import registry
from processes.store import clock
from processes.store.clock import EngineNow
from processes.workers import cluster, liveness

logger = logging.getLogger(__name__)

PULSE_SECONDS = 0.25
READ_SECONDS = 1.0
BEAT_SECONDS = 5.0
GRACE_SECONDS = 5.0
DECIDED_SECONDS = 1.0
SHORT_SECONDS = 2.0
STARVED_SECONDS = 12.0
HUNG_SECONDS = 4.0
STOPPED_LOOKS = 3
LONGEST_HUNG_SECONDS = 60.0


class Supervisor:
    """One on each host; any number of hosts."""

    def __init__(self, processes: int) -> None:
        self.processes = processes
        self._stop = threading.Event()
        self._cluster: BaseProcess | None = None
        self._workers: list[Worker] = []
        self._undecided: set[str] = set()
        self._stopped: dict[str, int] = {}
        self._read_at = self._beat_at = self._trusts_leases_at = 0.0
        self._served_at = self._full_at = self._grown_at = time.monotonic()
        self._patience = HUNG_SECONDS
        self._clock_began: float | None = None

    def run(self) -> None:
        """Work until SIGTERM or SIGINT; then let running steps finish for a few seconds, and stop everything."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._ask_to_stop)
        try:
            self._pulse_safely()
            while not self._stop.wait(PULSE_SECONDS):
                self._pulse_safely()
        finally:
            self._end()

    def _ask_to_stop(self, number: int, frame: FrameType | None) -> None:
        self._stop.set()

    def _begin(self) -> None:
        """Store what this release defines, and recover what a former life of this host left behind, before any claim.

        It is done again when the database was away meanwhile.
        """
        registry.sync_definitions()
        clock.follow_wall()
        clock.catch_up(Worker.objects.filter(ended_at__isnull=True).aggregate(Max("beat_at"))["beat_at__max"])
        self._read(time.monotonic())
        self._bury()
        self._start_cluster()

    def _start_cluster(self) -> None:
        cluster.forget_all()
        cluster.offer_serving(self.processes)
        self._cluster = cluster.start_cluster(self.processes)
        self._served_at = self._full_at = self._grown_at = time.monotonic()

    def _pulse_safely(self) -> None:
        """Whatever happens in one pulse, the next one comes."""
        try:
            self._pulse(time.monotonic())
        except DatabaseError:
            logger.exception("The database is not reachable; retrying")
            connection.close()
            self._stop.wait(READ_SECONDS)
        except Exception:
            logger.exception("A pulse failed; retrying")
            self._stop.wait(READ_SECONDS)

    def _pulse(self, now: float) -> None:
        if self._cluster is None:
            self._begin()
            return
        clock.follow_wall()
        self._bury()
        if now - self._read_at >= READ_SECONDS:
            self._read(now)
            self._kill_stopped()
            if Process.objects.filter(run_state=RunState.RUNNING).exists():
                self._look_at_what_runs(now)
            self._bury_others()
            self._supply(now)
        if now - self._beat_at >= BEAT_SECONDS and not self._is_anybody_frozen():
            self._beat_at = now
            Worker.objects.filter(pk__in=[one.pk for one in self._workers]).update(beat_at=EngineNow())
        self._watch(now)

    def _is_anybody_frozen(self) -> bool:
        """Whether a worker stands still. On SQLite it may be in a commit, for whose end whoever writes waits."""
        return any(liveness.is_frozen(one.pid) for one in self._workers)

    def _look_at_what_runs(self, now: float) -> None:
        self._kill_frozen(now)
        self._kill_overdue()
        if now >= self._trusts_leases_at:
            recovery.recover_expired()

    def _read(self, now: float) -> None:
        """Look at who serves. When the database could not be asked for long, nobody could beat: leases tell nothing."""
        known = {one.pk for one in self._workers}
        self._notice_clock(now)
        self._workers = [one for one in liveness.workers_of_this_host() if one.pk not in self._undecided]
        if any(one.pk not in known for one in self._workers):
            self._grown_at = now
        if self._read_at and now - self._read_at > store.LEASE_SECONDS / 2:
            self._trusts_leases_at = now + store.LEASE_SECONDS
        self._read_at = now

    def _notice_clock(self, now: float) -> None:
        """When the clock of the database was set, leases tell nothing before every worker has given a sign of life."""
        began = clock.now().timestamp() - now
        if self._clock_began is not None and abs(began - self._clock_began) > clock.JUMP.total_seconds():
            logger.warning("The clock of the database was set by %+.0f seconds", began - self._clock_began)
            self._trusts_leases_at = now + store.LEASE_SECONDS
        self._clock_began = began

    def _bury_others(self) -> None:
        """The same for workers of any host whose session has ended; one that lives all the same is fenced."""
        mine = {one.pk for one in self._workers}
        dead = [one for one in liveness.without_session() if one not in mine]
        if dead:
            self._take_back(dead, recovery.recover_from_outage if _is_outage(dead) else recovery.recover_from)

    def _take_back(self, dead: Collection[str], recover_from: Callable[[Collection[str]], int]) -> set[str]:
        """Recover from these and sign them off; but for those, who are returned, whose last commit is not decided."""
        if not dead:
            return set()
        recover_from(dead)
        undecided = recovery.still_held(dead)
        for worker_id in set(dead) - undecided:
            liveness.sign_off(worker_id)
        return undecided

    def _bury(self) -> None:
        """Sign off the dead of this host, and take back what they held.

        One that dies alone may have been killed by its step. Several at once were not, nor all of a former life.
        """
        dead = [one.pk for one in self._workers if not liveness.is_alive(one)]
        self._workers = [one for one in self._workers if one.pk not in dead]
        if dead and not self._stop.is_set() and self._cluster is not None:
            cluster.offer_serving(len(dead))
        is_outage = len(dead) > 1 or self._cluster is None
        recover_from = recovery.recover_from_outage if is_outage else recovery.recover_from
        self._undecided = self._take_back({*self._undecided, *dead}, recover_from)

    def _kill_stopped(self) -> None:
        """On SQLite a worker that stands still may hold the one lock there is: nobody could write until its lease runs
        out, or ever, if it has none yet. One that is seen so three times in a row is killed.
        """
        if connection.vendor == "sqlite":
            stopped = [one for one in self._workers if liveness.is_frozen(one.pid)]
            self._stopped = {one.pk: self._stopped.get(one.pk, 0) + 1 for one in stopped}
            self._kill(one for one in stopped if self._stopped[one.pk] >= STOPPED_LOOKS)

    def _kill_frozen(self, now: float) -> None:
        """A worker that lets its lease run out does not come round, and may hold rows that everybody waits for."""
        silent = recovery.workers_without_lease()
        self._kill(
            one for one in self._workers
            if one.pk in silent and (now >= self._trusts_leases_at or liveness.is_frozen(one.pid))
        )  # fmt: skip

    def _kill_overdue(self) -> None:
        """Kill the workers whose step is over its deadline, in C code or not, and then fail the step.

        In this order, since a step that hangs inside its commit keeps everybody from writing on SQLite.
        """
        mine = {one.pk: one for one in self._workers}
        overdue = recovery.overdue(mine)
        self._kill(mine[owner] for owner in overdue)
        recovery.fail_overdue(overdue)

    def _kill(self, workers: Iterable[Worker]) -> None:
        for worker in workers:
            logger.warning("Killing worker %s: it is frozen, or its step or lease is over its time", worker.pk)
            with suppress(ProcessLookupError):
                os.kill(worker.pid, signal.SIGKILL)

    def _supply(self, now: float) -> None:
        """Offer what is missing, once it has been missing for a while: a worker that starts takes a moment."""
        missing = self.processes - len(self._workers)
        if missing <= 0:
            self._full_at = self._grown_at = now
            return
        if now - self._full_at > SHORT_SECONDS:
            self._full_at = now
            cluster.offer_serving(max(0, missing - cluster.offered()))

    def _watch(self, now: float) -> None:
        """Start the cluster anew when it has ended, or hangs: nothing serves, or some serve and no other comes along.

        A killed worker of django-q2 can leave its queue locked for ever. The longer the cluster takes to serve again,
        the more time it is given: the host is slow then.
        """
        if self._workers:
            self._served_at, self._patience = now, HUNG_SECONDS
        if self._cluster is not None and not self._cluster.is_alive():
            self._start_anew("has exited")
        elif now - self._served_at > self._patience:
            self._patience = min(2 * self._patience, LONGEST_HUNG_SECONDS)
            self._start_anew("serves no work")
        elif now - self._grown_at > STARVED_SECONDS:
            self._ask_workers_to_stop()
            self._start_anew("does not replace lost workers")

    def _start_anew(self, why: str) -> None:
        logger.error("The cluster %s; restarting it", why)
        self._kill_cluster()
        self._recover_interrupted()
        self._start_cluster()

    def _end(self) -> None:
        """Ask the workers to finish their step, wait a few seconds, then kill what is left and hand its work back."""
        try:
            self._ask_workers_to_stop()
        except DatabaseError:
            logger.exception("The database is not reachable; the workers are not asked to finish")
            connection.close()
        finally:
            self._kill_cluster()
        try:
            self._leave_nothing()
        except DatabaseError:
            logger.exception("The database is not reachable; the next supervisor recovers what the workers held")

    def _leave_nothing(self) -> None:
        until = time.monotonic() + DECIDED_SECONDS
        while self._recover_interrupted() and time.monotonic() < until:
            time.sleep(0.05)
        cluster.forget_all()

    def _recover_interrupted(self) -> bool:
        """Take back what our workers held when we killed them; whether a commit of theirs is not decided yet."""
        ours, self._workers = {one.pk for one in self._workers}, []
        self._undecided = self._take_back({*self._undecided, *ours}, recovery.recover_interrupted)
        return bool(self._undecided)

    def _ask_workers_to_stop(self) -> None:
        self._read(time.monotonic())
        self._bury()
        for worker in self._workers:
            with suppress(ProcessLookupError):
                os.kill(worker.pid, signal.SIGTERM)
        until = time.monotonic() + GRACE_SECONDS
        while time.monotonic() < until and self._is_anybody_serving():
            time.sleep(0.05)

    def _is_anybody_serving(self) -> bool:
        mine = [one.pk for one in self._workers if liveness.is_alive(one)]
        return Worker.objects.filter(pk__in=mine, ended_at__isnull=True).exists()

    def _kill_cluster(self) -> None:
        if self._cluster is None or self._cluster.pid is None:
            return
        with suppress(ProcessLookupError):
            os.killpg(self._cluster.pid, signal.SIGKILL)
        self._cluster.kill()
        self._cluster.join()


def _is_outage(dead: Collection[str]) -> bool:
    """Whether workers of other hosts were lost with each other, or the last that their host had."""
    hosts = set(Worker.objects.filter(pk__in=dead).values_list("host", flat=True))
    living = Worker.objects.filter(host__in=hosts, ended_at__isnull=True).exclude(pk__in=dead)
    return len(dead) > 1 or not living.exists()
