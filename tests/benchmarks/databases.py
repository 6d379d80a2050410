"""Databases of the benchmarks on one server: each with so many subscriptions, made when a part first asks for it."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from secrets import token_hex
from urllib.parse import urlsplit

import psycopg
from psycopg import sql

from tests.benchmarks import machine

_PREPARE = [sys.executable, "-m", "tests.benchmarks.prepare"]


@dataclass(frozen=True)
class Size:
    """How much there is in a database."""

    subscriptions: int = 0
    processes: int = 0


EMPTY = Size()
SMALL = Size(1_000, 200)
LARGE = Size(50_000, 10_000)
HUGE = Size(1_000_000, 50_000)


@dataclass
class Databases:
    """Those that were made, by size; `server` is the address of the server with a database of its own."""

    server: str
    _made: dict[Size, str] = field(default_factory=dict)

    def address(self, size: Size) -> str:
        """The address of a database of this size; the same one each time."""
        if size not in self._made:
            self._made[size] = self._make(size)
        return self._made[size]

    def drop(self, size: Size) -> None:
        """Give back its place on the disk."""
        address = self._made.pop(size, None)
        if address is not None:
            self._execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(_name_in(address)))

    def drop_all(self) -> None:
        for size in list(self._made):
            self.drop(size)

    def _make(self, size: Size) -> str:
        name = f"bench_{token_hex(4)}"
        self._execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        address = urlsplit(self.server)._replace(path=f"/{name}").geturl()
        counts = [str(size.subscriptions), str(size.processes)]
        environment = {**machine.environment(address), "LOG_LEVEL": "ERROR"}  # some processes of the seed fail
        subprocess.run(_PREPARE + counts, cwd=machine.ROOT, env=environment, check=True)
        return address

    def _execute(self, statement: sql.Composed) -> None:
        with psycopg.connect(self.server, autocommit=True) as raw:
            raw.execute(statement)


@contextmanager
def on_server() -> Iterator[Databases]:
    """Databases on a server of our own, or on the one that DATABASE_URL names, where none is left afterwards."""
    is_ours = "DATABASE_URL" not in os.environ
    with machine.durable_postgres() as server:
        databases = Databases(server)
        try:
            yield databases
        finally:
            if not is_ours:
                databases.drop_all()


def _name_in(address: str) -> sql.Identifier:
    return sql.Identifier(urlsplit(address).path.removeprefix("/"))
