"""The clock of an SQLite database: how long its host has been running, and an offset that all processes share.

The clock on the wall can be set, back or forward, while steps run and retries wait; the time that a host has been
running only goes forward. So durations are measured by it. The offset lies in a small file beside the database, which
every process maps into its memory; `processes.store.clock.follow_wall` moves it, together with all that waits.
"""

import mmap
import os
import struct
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from hashlib import blake2b
from pathlib import Path

_CELL = struct.Struct("=16sq")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_RUNNING = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)
"""Counts while the host sleeps, too, where the system has such a clock."""


def running_micros() -> int:
    """How long the host has been running, in microseconds; the same for all its processes."""
    return time.clock_gettime_ns(_RUNNING) // 1000


def wall_micros() -> int:
    """Microseconds since 1970, as the host's clock is set."""
    return time.time_ns() // 1000


@lru_cache(maxsize=1)
def this_boot() -> bytes:
    """Sixteen bytes that change with each boot of the host."""
    try:
        boot = Path("/proc/sys/kernel/random/boot_id").read_bytes()
    except OSError:
        boot = b""
    return blake2b(boot, digest_size=16).digest()


class HostClock:
    """A clock that goes on when the wall's is set. Without a file it is that of this process alone."""

    def __init__(
        self,
        file: Path | None,
        *,
        wall: Callable[[], int] = wall_micros,
        running: Callable[[], int] = running_micros,
        boot: Callable[[], bytes] = this_boot,
    ) -> None:
        self._wall, self._running, self._boot = wall, running, boot
        self._cell: mmap.mmap | bytearray = _mapped(file) if file else bytearray(_CELL.size)

    def now(self) -> datetime:
        return _EPOCH + timedelta(microseconds=self._running() + self._offset())

    def lag(self) -> timedelta:
        """By how much the wall's clock is ahead of this one since somebody set it; negative when it was set back."""
        return timedelta(microseconds=self._wall() - self._running() - self._offset())

    def move(self, by: timedelta) -> None:
        """Move it for every process of the host."""
        self._write(self._offset() + by // timedelta(microseconds=1))

    def _offset(self) -> int:
        """That of this boot; whoever asks first after a boot begins with the clock on the wall."""
        boot, offset = _CELL.unpack_from(self._cell)
        return int(offset) if boot == self._boot() else self._write(self._wall() - self._running())

    def _write(self, offset: int) -> int:
        _CELL.pack_into(self._cell, 0, self._boot(), offset)
        return offset


def _mapped(file: Path) -> mmap.mmap | bytearray:
    """The file in memory, shared; where it cannot be written, a clock of this process.

    A hole that a full disk cannot fill would end the process that writes into it, so the room is taken now.
    """
    try:
        descriptor = os.open(file, os.O_RDWR | os.O_CREAT, 0o600)
    except OSError:
        return bytearray(_CELL.size)
    try:
        os.posix_fallocate(descriptor, 0, _CELL.size)
        return mmap.mmap(descriptor, _CELL.size)
    except OSError:
        return bytearray(_CELL.size)
    finally:
        os.close(descriptor)
