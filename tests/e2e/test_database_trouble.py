"""Databases that are locked, full, gone, read-only, out of connections or silent: every door says so, and recovers."""

import os
import signal
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

import psycopg
import pytest

from orchestrator_site.local import embedded_postgres
from tests.e2e.site import DOORS, STATIC, Site, outage_at, running

pytestmark = [pytest.mark.demo, pytest.mark.timeout(300)]
WRITES = {"admin saves", "rest sign-in"}
"""Doors that take the lock of SQLite whatever comes of it."""
UNKNOWN = {
    "database": "unreachable",
    "migrations": "unknown",
    "writes": "unknown",
    "disk": "unknown",
    "workers": "unknown",
}


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    folder = tmp_path_factory.mktemp("site")
    with running(Site(folder, f"sqlite:///{folder}/data/site.sqlite3")) as made:
        made.sign_in()
        yield made


def faults(site: Site, *, doors: set[str] | None = None) -> dict[str, str]:
    """What is wrong with the answer at each door while the database cannot be used; static files and health apart."""
    found = {
        name: outage_at(site.ask(method, path))
        for name, method, path in DOORS
        if name != "health" and (doors is None or name in doors)
    }
    found["static"] = "" if site.ask("GET", STATIC).status_code == 200 else "not served"
    return {name: fault for name, fault in found.items() if fault}


def health(site: Site) -> dict[str, str]:
    """The checks, asked with the cookies of a browser, as they are when nothing is remembered."""
    answer = site.ask("GET", "/api/health/")
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
    checks: dict[str, str] = answer.json()["checks"]
    return checks


def ailing(site: Site) -> dict[str, int]:
    """The doors that are not well again, once the site has been asked."""
    found = {name: site.ask(method, path).status_code for name, method, path in DOORS if name != "health"}
    return {name: status for name, status in found.items() if status >= 500}


@contextmanager
def put_aside(site: Site) -> Iterator[None]:
    """The file of the database is not there, nor can one be made."""
    folder = site.folder / "data"
    folder.rename(site.folder / "away")
    try:
        yield
    finally:
        (site.folder / "away").rename(folder)


def test_a_database_that_is_away(site: Site) -> None:
    with put_aside(site):
        assert faults(site) == {}
        assert health(site) == UNKNOWN
        done = site.manage("check_engine")

    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.splitlines() == ["manage.py: the database cannot be used: unable to open database file"]
    assert ailing(site) == {}


def test_a_database_that_another_process_has_locked(site: Site) -> None:
    with closing(sqlite3.connect(site.folder / "data" / "site.sqlite3", isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")

        assert faults(site, doors=WRITES) == {}
        assert site.ask("GET", "/processes/").status_code == 200

    assert ailing(site) == {}


@pytest.mark.skipif(os.geteuid() != 0, reason="a small disk is mounted, which only root may do")
def test_a_database_whose_disk_is_full(tmp_path: Path) -> None:
    with small_disk(tmp_path / "disk") as disk, running(Site(disk, f"sqlite:///{disk}/data/site.sqlite3")) as full:
        full.sign_in()
        subprocess.run(["dd", "if=/dev/zero", f"of={disk}/filled", "bs=4k"], stderr=subprocess.DEVNULL, check=False)

        assert faults(full, doors=WRITES | {"form"}) == {}
        assert health(full)["database"] in {"ok", "unreachable"}
        done = full.manage("createsuperuser", "--noinput", "--username", "x", "--email", "x@example.org")
        (disk / "filled").unlink()

        assert (done.returncode, done.stderr.startswith("manage.py: the database cannot be used: ")) == (1, True)
        assert ailing(full) == {}


@contextmanager
def small_disk(where: Path) -> Iterator[Path]:
    where.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=40m", "tmpfs", where], check=False, capture_output=True
    )
    if mounted.returncode:
        pytest.skip("this machine mounts no disks")
    try:
        yield where
    finally:
        subprocess.run(["umount", "-l", where], check=True)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, str]]:
    folder = tmp_path_factory.mktemp("postgres")
    with embedded_postgres.running(folder, throwaway=True) as address:
        yield folder, address


@pytest.fixture(scope="module")
def on_postgres(server: tuple[Path, str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with running(Site(tmp_path_factory.mktemp("site"), server[1])) as made:
        made.sign_in()
        yield made


def cut_all(admin: "psycopg.Connection[tuple[int]]") -> None:
    admin.execute(
        "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity"
        " WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()"
    )


def test_a_server_that_is_out_of_connections(on_postgres: Site, server: tuple[Path, str]) -> None:
    taken: list[psycopg.Connection[tuple[int]]] = []
    with psycopg.connect(server[1], autocommit=True) as admin:
        cut_all(admin)
        with suppress(psycopg.OperationalError):
            while True:
                taken.append(psycopg.connect(server[1]))

        assert faults(on_postgres) == {}
        assert health(on_postgres) == UNKNOWN
        for one in taken:
            one.close()

    assert ailing(on_postgres) == {}


def test_a_server_whose_tables_are_locked(on_postgres: Site, server: tuple[Path, str]) -> None:
    with psycopg.connect(server[1]) as other:
        other.execute(
            "LOCK TABLE django_session, auth_user, knox_authtoken, processes_process IN ACCESS EXCLUSIVE MODE"
        )

        assert faults(on_postgres) == {}
        other.rollback()

    assert ailing(on_postgres) == {}


def test_a_server_that_takes_no_writes(on_postgres: Site, server: tuple[Path, str]) -> None:
    """As a standby: class 25 of PostgreSQL, which is no OperationalError of its driver."""
    with psycopg.connect(server[1], autocommit=True) as admin:
        name = admin.info.dbname
        admin.execute(f'ALTER DATABASE "{name}" SET default_transaction_read_only = on')
        cut_all(admin)

        assert faults(on_postgres, doors={"rest sign-in"}) == {}
        assert on_postgres.ask("GET", "/processes/").status_code == 200
        done = on_postgres.manage("createsuperuser", "--noinput", "--username", "x", "--email", "x@example.org")

        admin.execute(f'ALTER DATABASE "{name}" RESET default_transaction_read_only')
        admin.execute("SET default_transaction_read_only = off")
        cut_all(admin)

    assert done.returncode == 1
    assert done.stderr.startswith("manage.py: the database cannot be used: cannot execute INSERT in a read-only")
    assert ailing(on_postgres) == {}


def test_a_server_that_stands_still(on_postgres: Site, server: tuple[Path, str]) -> None:
    """It takes connections, and answers nothing; its own limits do not help."""
    owner = int((server[0] / "data" / "postmaster.pid").read_text().split()[0])
    children = Path(f"/proc/{owner}/task/{owner}/children").read_text().split()
    everybody = [owner, *map(int, children)]
    for pid in everybody:
        os.kill(pid, signal.SIGSTOP)
    try:
        checks = health(on_postgres)
        found = faults(on_postgres, doors={"page", "rest list", "admin"})
    finally:
        for pid in everybody:
            os.kill(pid, signal.SIGCONT)

    assert (checks, found) == (UNKNOWN, {})
    assert ailing(on_postgres) == {}
