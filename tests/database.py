"""The database of a test run: a PostgreSQL of its own, an SQLite file of its own, or the one DATABASE_URL names.

Loaded as a plugin before Django reads its settings. Only the controller of a run starts something; its workers inherit
the address and each makes a database of its own on it.
"""

import os
import tempfile
from collections.abc import Generator, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from pathlib import Path
from shutil import rmtree

import pytest

from orchestrator_site.local import embedded_postgres

_started = ExitStack()


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--db",
        choices=["postgres", "sqlite"],
        default=os.environ.get("TEST_DB", "postgres"),
        help="the database to test on; DATABASE_URL, when set, decides instead",
    )


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_load_initial_conftests(early_config: pytest.Config) -> Generator[None]:
    """Name the database before pytest-django imports the settings."""
    options = early_config.known_args_namespace
    asks_only = options.help or options.version or options.collectonly
    if "DATABASE_URL" not in os.environ and "PYTEST_XDIST_WORKER" not in os.environ:
        lane = "sqlite" if asks_only else options.db
        address = _started.enter_context(sqlite_file() if lane == "sqlite" else postgres())
        os.environ["DATABASE_URL"] = address
        _started.callback(os.environ.pop, "DATABASE_URL", None)
    try:
        yield
    except BaseException:
        _started.close()
        raise


def pytest_unconfigure() -> None:
    _started.close()


def postgres() -> AbstractContextManager[str]:
    """A server in a folder of its own; it ends with this process, however that ends."""
    return embedded_postgres.running(Path(tempfile.mkdtemp(prefix="orchestrator-test-")), throwaway=True)


@contextmanager
def sqlite_file() -> Iterator[str]:
    """A database file in a folder of its own."""
    folder = Path(tempfile.mkdtemp(prefix="orchestrator-test-"))
    try:
        yield f"sqlite:///{folder / 'test.sqlite3'}"
    finally:
        rmtree(folder, ignore_errors=True)
