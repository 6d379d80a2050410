"""A PostgreSQL that has the extensions that the peer needs: that of the other parts, or the one of this machine."""

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from shutil import chown, which

import psycopg

from tests.benchmarks import machine
from tests.benchmarks.peer.install import EXTENSIONS
from tests.benchmarks.stack import free_port

INSTALLED = "/usr/lib/postgresql/*/bin/initdb"
NOBODY_ELSE = "postgres"
"""Who runs the server where we are root, which PostgreSQL refuses."""


class NoPostgres(Exception):
    """No PostgreSQL with contrib modules is installed; name one by DATABASE_URL."""


@contextmanager
def with_contrib(server: str) -> Iterator[str]:
    """This server, or a durable one of this machine where it lacks something; its address. Raises NoPostgres."""
    if _has_all(server):
        yield server
        return
    programs = _programs()
    initdb, pg_ctl = str(programs / "initdb"), str(programs / "pg_ctl")
    port = free_port()
    with machine.folder() as folder:
        data = folder / "postgres"
        data.mkdir()
        _make_ours(folder, data)
        _as_server([initdb, "-D", str(data), "-A", "trust", "-U", "postgres", "--no-instructions"])
        control = [pg_ctl, "-D", str(data), "-w", "-l", str(data / "log")]
        _as_server([*control, "-o", f"-p {port} -k {data}", "start"])
        try:
            yield f"postgresql://postgres@127.0.0.1:{port}/postgres"
        finally:
            _as_server([*control, "-m", "fast", "stop"])


def _has_all(server: str) -> bool:
    with psycopg.connect(server, autocommit=True) as raw:
        rows = raw.execute("SELECT name FROM pg_available_extensions WHERE name = ANY(%s)", [list(EXTENSIONS)])
        return len(rows.fetchall()) == len(EXTENSIONS)


def _programs() -> Path:
    found = sorted(Path("/").glob(INSTALLED.removeprefix("/")))
    program = str(found[-1]) if found else which("initdb")
    if program is None:
        raise NoPostgres
    return Path(program).parent


def _make_ours(folder: Path, data: Path) -> None:
    if os.geteuid() == 0:
        folder.chmod(0o755)
        chown(data, NOBODY_ELSE)


def _as_server(command: list[str]) -> None:
    """Run a program as the one who owns the server."""
    user = NOBODY_ELSE if os.geteuid() == 0 else None
    subprocess.run(command, user=user, cwd="/", check=True, stdout=subprocess.DEVNULL)
