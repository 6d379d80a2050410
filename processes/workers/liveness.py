"""Who is alive: each worker has a row, which two witnesses speak for.

Where its number means something, the operating system is asked. Anywhere else a lock under its name is, which is
released when it dies: on PostgreSQL an advisory lock of its session, on SQLite a locked file beside the database.
"""

import os
import secrets
import socket
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from django.db import connection

from processes.models import Worker
from processes.store import sessions, sqlite_files
from processes.store.clock import EngineNow

SESSION_GRACE_SECONDS = 3.0


def register() -> Worker:
    """A row for this operating-system process, under a new name."""
    now = EngineNow()
    name = f"{host()}-{os.getpid()}-{secrets.token_hex(3)}"
    return Worker.objects.create(
        id=name,
        host=host(),
        pid=os.getpid(),
        boot_id=boot_id(),
        liveness_key=start_of(os.getpid()) or 0,
        started_at=now,
        beat_at=now,
    )


def hold_session(worker_id: str) -> None:
    """Hold the lock that speaks for a worker; on PostgreSQL once more after each new connection.

    A worker that another host has taken for dead when it lost its connection is alive again.
    """
    if connection.vendor == "postgresql":
        sessions.hold(worker_id)
    else:
        sqlite_files.hold_lock(worker_id)
    Worker.objects.filter(pk=worker_id, ended_at__isnull=False).update(state="alive", ended_at=None)


def without_session() -> list[str]:
    """Workers of any host that nobody speaks for any more; those that have just begun are given a moment."""
    if connection.vendor == "postgresql":
        return sessions.missing(SESSION_GRACE_SECONDS)
    known = Worker.objects.filter(ended_at__isnull=True, started_at__lt=EngineNow(-SESSION_GRACE_SECONDS))
    return [one for one in known.values_list("pk", flat=True) if not sqlite_files.is_held(one)]


def sign_off(worker_id: str) -> None:
    """Note that a worker has ended."""
    Worker.objects.filter(pk=worker_id, ended_at__isnull=True).update(state="ended", ended_at=EngineNow())
    if connection.vendor == "sqlite":
        sqlite_files.forget(worker_id)


def workers_of_this_host() -> list[Worker]:
    """Those that have not signed off, whether alive or not.

    Not those of another container that has the name of this host: their numbers mean nothing here.
    """
    known = Worker.objects.filter(host=host(), ended_at__isnull=True).order_by("started_at")
    return [one for one in known if not _is_neighbour(one)]


def _is_neighbour(worker: Worker) -> bool:
    """Whether a worker runs under the same kernel, but counts its processes apart."""
    return worker.boot_id != boot_id() and worker.boot_id.partition(" ")[0] == boot_id().partition(" ")[0]


def is_alive(worker: Worker) -> bool:
    """Whether the process of a worker of this host still runs; a zombie, or another one under its number, does not."""
    return worker.boot_id == boot_id() and start_of(worker.pid) == worker.liveness_key


def start_of(pid: int) -> int | None:
    """When a process began, in clock ticks since boot; None when there is none, or only its zombie."""
    fields = _stat(pid)
    return None if not fields or fields[0] in "ZX" else int(fields[19])


def is_frozen(pid: int) -> bool:
    """Whether a process is frozen, as by SIGSTOP."""
    fields = _stat(pid)
    return bool(fields) and fields[0] in "Tt"


def _stat(pid: int) -> list[str]:
    """What the kernel tells of a process, from its state on; empty when there is none (see proc_pid_stat(5))."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return []
    return stat.rpartition(")")[2].split()


@lru_cache(maxsize=1)
def host() -> str:
    """The name of this host; WORKER_HOST in the settings, when names are not unique."""
    return str(getattr(settings, "WORKER_HOST", "") or socket.gethostname())


@lru_cache(maxsize=1)
def boot_id() -> str:
    """Where numbers of processes mean the same: this boot of the kernel, and this name space of numbers within it.

    It changes with each boot, so that a row from before is known to be dead, and from container to container.
    """
    try:
        boot = Path("/proc/sys/kernel/random/boot_id").read_text().strip()
        return f"{boot} {Path('/proc/self/ns/pid').readlink()}"
    except OSError:
        return ""
