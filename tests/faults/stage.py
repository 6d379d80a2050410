"""What a fault suite runs on: a database of its own with our tables, and this package as the project on it."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from shutil import rmtree

import django
from django.core.management import call_command

from orchestrator_site.local import embedded_postgres

ROOT = Path(__file__).resolve().parents[2]
DATABASES = ("postgres", "sqlite")
MEMORY = "memory"


@contextmanager
def database(kind: str) -> Iterator[str]:
    """The address of an empty database: a durable PostgreSQL, or SQLite in a file or memory. It is deleted later."""
    if kind == MEMORY:
        yield "sqlite://:memory:"
        return
    folder = Path(tempfile.mkdtemp(prefix="orchestrator-faults-"))
    try:
        if kind == "sqlite":
            yield f"sqlite:///{folder / 'faults.sqlite3'}"
            return
        with embedded_postgres.running(folder) as address:
            yield address
    finally:
        rmtree(folder, ignore_errors=True)


def environment(address: str) -> dict[str, str]:
    """What a process needs to be told to work on this database with the workflows of `shapes`."""
    return {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "orchestrator_site.settings.test",
        "DATABASE_URL": address,
        "WORKFLOW_MODULES": "tests.faults.shapes",
        "LOG_LEVEL": "ERROR",
    }


def prepare(address: str) -> None:
    """Make this process one of the project, and the database ready for it."""
    os.environ.update(environment(address))
    django.setup()
    call_command("migrate", verbosity=0)
