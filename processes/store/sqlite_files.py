"""The files of workers beside an SQLite database: a lock that speaks for each worker, and a socket that wakes it.

They lie beside the database as its own journal does, and not in a temporary folder: whoever shares the file then shares
them, be it from another container, where host names may be equal and numbers of processes mean something else. The
kernel lets a lock go when its worker dies, however that happens.
"""

import fcntl
import os
import secrets
import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from django.db import connection

_held: dict[str, int] = {}
"""The open lock files of this operating-system process, by worker."""


class NotOurs(Exception):
    """The folder of the workers belongs to somebody who may not write the database, or everybody may write into it."""


def hold_lock(worker_id: str) -> None:
    """Speak for a worker until this operating-system process ends. Nothing when the database is in memory.

    Raises NotOurs.
    """
    folder = _folder()
    if folder is None or worker_id in _held:
        return
    _make(folder)
    descriptor = os.open(_lock_file(folder, worker_id), os.O_RDWR | os.O_CREAT, 0o600)
    fcntl.flock(descriptor, fcntl.LOCK_EX)
    _held[worker_id] = descriptor


def is_held(worker_id: str) -> bool:
    """Whether anybody on this machine speaks for a worker."""
    folder = _folder()
    if folder is None:
        return True
    try:
        descriptor = os.open(_lock_file(folder, worker_id), os.O_RDONLY)
    except FileNotFoundError:
        return False
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(descriptor)
    return False


def forget(worker_id: str) -> None:
    """Let the lock of a worker go that has ended, and leave no file behind."""
    folder = _folder()
    if folder is None:
        return
    _lock_file(folder, worker_id).unlink(missing_ok=True)
    descriptor = _held.pop(worker_id, None)
    if descriptor is not None:
        os.close(descriptor)


def _let_go_in_child() -> None:
    """A child that is forked shares the open file, and would speak for its parent after the parent's death."""
    for descriptor in _held.values():
        os.close(descriptor)
    _held.clear()


os.register_at_fork(after_in_child=_let_go_in_child)


def open_socket() -> tuple[socket.socket, Path] | None:
    """A new socket that `send_to_all` reaches, and its file; None where there can be none: then it is polled."""
    folder = _folder()
    if folder is None:
        return None
    _make(folder)
    name = f"{secrets.token_hex(8)}.sock"
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    try:
        with _short(folder) as short:
            listener.bind(str(short / name))
    except OSError:  # a file system without sockets
        listener.close()
        return None
    listener.setblocking(False)
    return listener, folder / name


def send_to_all() -> None:
    """Wake every worker of this database; a socket whose worker has died is removed."""
    folder = _folder()
    if folder is None or not folder.exists():
        return
    with _short(folder) as short, socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as sender:
        sender.setblocking(False)
        for path in short.glob("*.sock"):
            _send(sender, path)


def _send(sender: socket.socket, path: Path) -> None:
    try:
        sender.sendto(b"!", str(path))
    except (BlockingIOError, PermissionError):  # it has enough of them already, or is not for us
        return
    except OSError:
        with suppress(OSError):
            path.unlink(missing_ok=True)


def _folder() -> Path | None:
    """Where the files are; None when the database is not a file."""
    database: Any = connection
    if database.vendor != "sqlite" or database.is_in_memory_db():
        return None
    return Path(f"{database.settings_dict['NAME']}-workers")


def _lock_file(folder: Path, worker_id: str) -> Path:
    return folder / f"{worker_id}.lock"


def _make(folder: Path) -> None:
    """Make the folder unless it is there. Raises NotOurs.

    It may be a stranger's where everybody may write, as in /tmp; whoever owned it could make dead workers look alive.
    """
    folder.mkdir(mode=0o700, exist_ok=True)
    found = folder.lstat()
    if found.st_uid not in {os.geteuid(), folder.parent.stat().st_uid} or found.st_mode & 0o022:
        raise NotOurs(f"{folder} has the owner {found.st_uid} and the mode {found.st_mode:o}; remove it")


@contextmanager
def _short(folder: Path) -> Iterator[Path]:
    """The same folder under a short name: addresses of sockets hold about a hundred characters."""
    if not hasattr(os, "O_PATH"):  # other systems than Linux
        yield folder
        return
    descriptor = os.open(folder, os.O_PATH | os.O_DIRECTORY)
    try:
        yield Path(f"/proc/self/fd/{descriptor}")
    finally:
        os.close(descriptor)
