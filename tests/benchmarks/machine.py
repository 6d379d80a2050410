"""What the benchmarks run on: a durable PostgreSQL of its own, and what a process needs to work on a database of it."""

import os
import secrets
import signal
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from shutil import rmtree
from types import FrameType

from orchestrator_site.local import embedded_postgres

ROOT = Path(__file__).resolve().parents[2]
_SECRET = secrets.token_urlsafe(50)


class TooSlow(Exception):
    """Something did not happen in time; the message says what."""


@contextmanager
def durable_postgres() -> Iterator[str]:
    """The address of a PostgreSQL that flushes every commit to the disk; DATABASE_URL, when set, names another."""
    if "DATABASE_URL" in os.environ:
        yield os.environ["DATABASE_URL"]
        return
    with folder() as ours, embedded_postgres.running(ours) as address:
        yield address


@contextmanager
def folder() -> Iterator[Path]:
    """A folder for data that is gone afterwards; in it one for static files, which nobody asks for."""
    made = Path(tempfile.mkdtemp(prefix="orchestrator-bench-"))
    (made / "static").mkdir()
    try:
        yield made
    finally:
        rmtree(made, ignore_errors=True)


def environment(address: str, data: Path | None = None) -> dict[str, str]:
    """What a process needs to be told to work on this database: production, with the workflows of the benchmarks."""
    return {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "tests.benchmarks.settings",
        "SECRET_KEY": _SECRET,
        "TLS_AT_PROXY": "1",
        "DATABASE_URL": address,
        "LOG_LEVEL": "WARNING",
        "REQUESTS_PER_MINUTE": "1000000000",  # counted as ever, and never too many
        **({"DATA_DIR": str(data)} if data else {}),
    }


def wait_for(condition: Callable[[], object], seconds: float, what: str, *, every: float = 0.05) -> None:
    """Ask again and again. Raises TooSlow."""
    until = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > until:
            raise TooSlow(f"{what} did not happen within {seconds:g} seconds")
        time.sleep(every)


@contextmanager
def within(seconds: int, what: str) -> Iterator[None]:
    """Raise TooSlow in the main thread when the block takes longer, wherever it hangs."""

    def stop(number: int, frame: FrameType | None) -> None:
        raise TooSlow(f"{what} took longer than {seconds} seconds")

    before = signal.signal(signal.SIGALRM, stop)
    signal.alarm(seconds)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)
