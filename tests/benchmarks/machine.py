"""What the benchmarks run on: a durable PostgreSQL of its own with our tables, and this package as a Django project."""

import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from shutil import rmtree

import django
from django.core.management import call_command

from orchestrator_site import embedded_postgres

ROOT = Path(__file__).resolve().parents[2]


@contextmanager
def durable_postgres() -> Iterator[str]:
    """The address of a PostgreSQL that flushes every commit to the disk; DATABASE_URL, when set, names another."""
    if "DATABASE_URL" in os.environ:
        yield os.environ["DATABASE_URL"]
        return
    folder = Path(tempfile.mkdtemp(prefix="orchestrator-bench-"))
    try:
        with embedded_postgres.running(folder) as address:
            yield address
    finally:
        rmtree(folder, ignore_errors=True)


def environment(address: str) -> dict[str, str]:
    """What a process needs to be told to work on this database with the workflows of the benchmarks."""
    return {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "orchestrator_site.settings.test",
        "DATABASE_URL": address,
        "WORKFLOW_MODULES": "tests.benchmarks.workflows",
        "LOG_LEVEL": "WARNING",
    }


def prepare(address: str) -> None:
    """Make this process one of the project, and the database ready for it."""
    os.environ.update(environment(address))
    sys.path.insert(0, str(ROOT))
    django.setup()
    call_command("migrate", verbosity=0)
