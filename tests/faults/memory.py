"""The database in memory that the simulation runs on: its clock, what it holds before a batch, and light starts.

A light start copies the rows that `actions.start` has made of a process of the same workflow, under a new id.
"""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib.auth.models import Group, User
from django.core.management import call_command
from django.db import connections

from processes import actions
from processes.plugins import registry
from tests.faults import brief

database: Any = connections["default"]
"""The one connection, without the proxy in front of it."""

KEPT = frozenset({"processes_workflow", "processes_workflowversion"})
"""Tables that stay as they are."""

TEMPLATE_THING = "the-thing-of-the-template"
SECOND = 1_000_000


class Clock:
    """The engine's clock: it moves by a microsecond when it is read, and by what it is told."""

    def __init__(self) -> None:
        self.micros = 0
        self._began = datetime(2030, 1, 1)  # noqa: DTZ001 - SQLite keeps UTC without saying so

    def now(self, seconds: float = 0) -> str:
        """The text that SQLite keeps of now, plus so many seconds."""
        self.micros += 1
        return self.text(self.micros + round(seconds * SECOND))

    def text(self, micros: int) -> str:
        return (self._began + timedelta(microseconds=micros)).isoformat(sep=" ", timespec="microseconds")

    def micros_of(self, text: str) -> int:
        return round((datetime.fromisoformat(text) - self._began) / timedelta(microseconds=1))

    def advance(self, seconds: float) -> None:
        self.micros += round(seconds * SECOND)


clock = Clock()

Row = tuple[Any, ...]


@dataclass(frozen=True)
class Template:
    """The rows of a process that was just started: its id, and for each table the statement and the values."""

    process_id: UUID
    rows: Sequence[tuple[str, Row]]


class Memory:
    """What was made ready once, for all batches."""

    def __init__(self) -> None:
        self.person = User()
        self.templates: dict[str, Template] = {}
        self._before: dict[str, tuple[str, list[Row]]] = {}

    def prepare(self) -> None:
        """Tables, workflows, a person, and a template of each workflow."""
        settings.WORKFLOW_MODULES = ["tests.faults.brief"]
        registry.reload()
        call_command("migrate", verbosity=0)
        database.connection.create_function("engine_now", -1, clock.now)
        registry.sync_definitions()
        self.person = User.objects.create_user("simulated")
        self.person.groups.add(Group.objects.get_or_create(name="operator")[0])
        self._before = {table: (_insert(table), _all("SELECT * FROM " + table)) for table in _tables()}
        for name in brief.SHAPES:
            self.templates[name] = self._template(name)
            self.clean()

    def _template(self, name: str) -> Template:
        pages = [{"thing": TEMPLATE_THING}] if name == "short_locking" else []
        process_id = actions.start(name, pages, by=self.person).pk
        rows = [
            (_insert(table), _without_number(row))
            for table in _in_order()
            for row in _all(f"SELECT * FROM {table} WHERE {_key(table)} = ?", process_id.hex)
        ]
        return Template(process_id, rows)

    def start_lightly(self, name: str, process_id: UUID, thing: str) -> None:
        """A ready process of this workflow, which holds the lock of this thing if it locks any."""
        template, now = self.templates[name], clock.now()
        for statement, row in template.rows:
            values = [_renewed(value, template.process_id, process_id, thing, now) for value in row]
            database.connection.execute(statement, values)

    def clean(self) -> None:
        """Nothing is left of a batch."""
        raw = database.connection
        raw.execute("PRAGMA foreign_keys=OFF")
        for table, (statement, rows) in self._before.items():
            raw.execute(f"DELETE FROM {table}")
            raw.executemany(statement, rows)
        raw.execute("PRAGMA foreign_keys=ON")


def _renewed(value: Any, old: UUID, new: UUID, thing: str, now: str) -> Any:
    if isinstance(value, datetime):
        return now
    if not isinstance(value, str):
        return value
    return value.replace(old.hex, new.hex).replace(str(old), str(new)).replace(TEMPLATE_THING, thing)


def _tables() -> list[str]:
    names = [name for (name,) in _all("SELECT name FROM sqlite_master WHERE type = 'table'")]
    return [name for name in names if name.startswith("processes_") and name not in KEPT]


def _in_order() -> list[str]:
    """The tables that hold rows of a process, itself first."""
    others = [table for table in _tables() if table != "processes_process" and "process_id" in _columns(table)]
    return ["processes_process", *others]


def _key(table: str) -> str:
    return "id" if table == "processes_process" else "process_id"


def _columns(table: str) -> list[str]:
    return [column[1] for column in _all(f"PRAGMA table_info({table})")]


def _without_number(row: Row) -> Row:
    """The first column is left to the table where it is a number."""
    return (None, *row[1:]) if isinstance(row[0], int) else row


def _insert(table: str) -> str:
    return f"INSERT INTO {table} VALUES ({', '.join('?' * len(_columns(table)))})"


def _all(statement: str, *values: object) -> list[Row]:
    rows: list[Row] = database.connection.execute(statement, values).fetchall()
    return rows


def seeded_id(chance: random.Random) -> UUID:
    return UUID(int=chance.getrandbits(128), version=4)


memory = Memory()
