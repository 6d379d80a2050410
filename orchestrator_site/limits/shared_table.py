"""Small records in memory that all web processes of a host share; those that are worth least give way to new ones.

A record is a key and two numbers. Keys are digests; each has a row of `WAYS` places where it may be, so that a look-up
reads one row and writes one place. The memory is a file of its own where one is named: servers that run beside each
other then agree, and a restart forgets nothing. Otherwise those processes share it that were forked from one.
"""

import fcntl
import mmap
import os
import struct
import tempfile
import threading
import weakref
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from time import monotonic

WAYS = 8
_RECORD = struct.Struct("=Qdd")
_ROW = struct.Struct("=" + "Qdd" * WAYS)
WAIT_SECONDS = 0.005
"""For a lock that others hold for microseconds: one that was stopped within it holds nobody up, though a count may
be lost."""


class SharedTable:
    """`rows` times `WAYS` records (key, value, worth). Whoever reads in order to write does it within `locked`."""

    def __init__(self, rows: int, file: Path | None = None) -> None:
        self.rows = rows
        self._thread_lock = threading.Lock()
        self._file = _opened(file, rows * _ROW.size)
        weakref.finalize(self, os.close, self._file)
        self._memory = mmap.mmap(self._file, rows * _ROW.size)

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Alone among the threads of this process, and among the processes that share the memory."""
        with self._thread_lock:
            is_ours = self._lock()
            try:
                yield
            finally:
                if is_ours:
                    fcntl.lockf(self._file, fcntl.LOCK_UN)

    def get(self, key: int) -> tuple[float, float] | None:
        """Value and worth of a record; None when there is none."""
        row = self._row(key)
        for place in range(0, 3 * WAYS, 3):
            if row[place] == key:
                return row[place + 1], row[place + 2]
        return None

    def put(self, key: int, value: float, worth: float) -> None:
        """Write a record, in the place of the one that is worth least when its row is full."""
        row = self._row(key)
        places = range(0, 3 * WAYS, 3)
        place = next((one for one in places if row[one] == key), None)
        if place is None:
            place = min(places, key=lambda one: row[one + 2])
        _RECORD.pack_into(self._memory, self._start(key) + place // 3 * _RECORD.size, key, value, worth)

    def _row(self, key: int) -> tuple[float, ...]:
        return _ROW.unpack_from(self._memory, self._start(key))

    def _start(self, key: int) -> int:
        return key % self.rows * _ROW.size

    def _lock(self) -> bool:
        until = 0.0
        while True:
            try:
                fcntl.lockf(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                until = until or monotonic() + WAIT_SECONDS
                if monotonic() > until:
                    return False
                os.sched_yield()
            else:
                return True


def _opened(file: Path | None, size: int) -> int:
    """An open file with room for `size` bytes; one without a name where that one cannot be had.

    The room is taken now: a hole that a full disk could not fill would end the process that writes into it.
    """
    if file is not None:
        with suppress(OSError):
            descriptor = os.open(file, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
            try:
                os.posix_fallocate(descriptor, 0, size)
            except OSError:
                os.close(descriptor)
                raise
            return descriptor
    return _nameless(size)


def _nameless(size: int) -> int:
    if hasattr(os, "memfd_create"):
        descriptor = os.memfd_create("rates")
    else:
        with tempfile.TemporaryFile() as made:
            descriptor = os.dup(made.fileno())
    os.ftruncate(descriptor, size)
    return descriptor
