"""Locks and sockets beside an SQLite database: who speaks for a worker, for how long, and who hears a wake-up."""

import os
import select
import signal
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest
from django.db import connection

from processes.store import sqlite_files


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Of a database that is only a name."""
    chosen = tmp_path / "database-workers"
    monkeypatch.setattr(sqlite_files, "_folder", lambda: chosen)
    return chosen


@contextmanager
def child(act: Callable[[], None]) -> Iterator[int]:
    """A forked process that does this and stays until it is killed; its number, once it has done it."""
    told, tells = os.pipe()
    number = os.fork()
    if number == 0:
        act()
        os.write(tells, b"!")
        signal.pause()
        os._exit(0)
    os.read(told, 1)
    try:
        yield number
    finally:
        kill(number)
        os.close(told)
        os.close(tells)


def kill(number: int) -> None:
    with suppress(ProcessLookupError, ChildProcessError):
        os.kill(number, signal.SIGKILL)
        os.waitpid(number, 0)


def test_lock_is_held_until_its_process_dies() -> None:
    with child(lambda: sqlite_files.hold_lock("one")) as number:
        assert sqlite_files.is_held("one")
        kill(number)
        assert not sqlite_files.is_held("one")


def test_lock_is_not_kept_by_a_child_that_outlives_its_process(folder: Path) -> None:
    def hold_and_fork() -> None:
        sqlite_files.hold_lock("one")
        if (orphan := os.fork()) == 0:
            signal.pause()
        (folder / "orphan").write_text(str(orphan))

    with child(hold_and_fork) as number:
        orphan = int((folder / "orphan").read_text())
        kill(number)

        assert not sqlite_files.is_held("one")
        os.kill(orphan, signal.SIGKILL)


def test_nobody_speaks_for_a_worker_without_a_file() -> None:
    assert not sqlite_files.is_held("nobody")


def test_lock_that_is_asked_for_twice_is_held_once() -> None:
    sqlite_files.hold_lock("one")
    sqlite_files.hold_lock("one")

    assert sqlite_files.is_held("one")
    sqlite_files.forget("one")
    assert not sqlite_files.is_held("one")


def test_worker_that_has_ended_leaves_no_file(folder: Path) -> None:
    sqlite_files.hold_lock("one")

    sqlite_files.forget("one")
    sqlite_files.forget("one")

    assert list(folder.iterdir()) == []


def heard(listener: socket.socket) -> bool:
    return bool(select.select([listener], [], [], 5)[0]) and listener.recv(16) == b"!"


def test_wake_up_reaches_every_socket_and_removes_dead_ones(folder: Path) -> None:
    opened = [sqlite_files.open_socket() for _ in range(3)]
    (first, _), (second, file), (dead, _) = [one for one in opened if one is not None]
    dead.close()

    sqlite_files.send_to_all()

    assert (heard(first), heard(second)) == (True, True)
    assert len(list(folder.iterdir())) == 2
    first.close()
    second.close()
    assert file.exists()


def test_folder_with_a_long_name_has_sockets(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    deep = folder.parent / ("x" * 120)
    monkeypatch.setattr(sqlite_files, "_folder", lambda: deep)
    opened = sqlite_files.open_socket()
    assert opened is not None

    sqlite_files.send_to_all()

    assert heard(opened[0])
    opened[0].close()


def test_wake_up_without_any_worker_is_nothing(folder: Path) -> None:
    sqlite_files.send_to_all()

    assert not folder.exists()


def test_folder_that_others_may_write_into_is_refused(folder: Path) -> None:
    folder.mkdir()
    folder.chmod(0o777)

    with pytest.raises(sqlite_files.NotOurs, match="mode 40777"):
        sqlite_files.hold_lock("one")


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a folder away")
def test_folder_of_a_stranger_is_refused(folder: Path) -> None:
    folder.mkdir(mode=0o700)
    os.chown(folder, 12345, 12345)

    with pytest.raises(sqlite_files.NotOurs, match="owner 12345"):
        sqlite_files.open_socket()


def test_link_to_elsewhere_is_refused(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir(mode=0o700)
    folder.symlink_to(tmp_path / "elsewhere")

    with pytest.raises(sqlite_files.NotOurs):
        sqlite_files.open_socket()


def test_database_in_memory_has_no_files(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()
    monkeypatch.setattr(connection, "vendor", "sqlite")
    monkeypatch.setattr(connection, "is_in_memory_db", lambda: True, raising=False)

    sqlite_files.hold_lock("one")
    sqlite_files.send_to_all()
    sqlite_files.forget("one")

    assert (sqlite_files.is_held("one"), sqlite_files.open_socket()) == (True, None)
