"""A running site as its callers see it, ours or the peer's: an address to ask, a database that tells the outcome."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar

import psycopg

from tests.benchmarks import load
from tests.benchmarks.client import Client
from tests.benchmarks.load import Load

Row = tuple[Any, ...]


@dataclass(frozen=True)
class Outcome:
    """What became of some processes: how many have completed, the last one when, and with how many step rows."""

    completed: int
    last_at: datetime
    steps: int


@dataclass(frozen=True)
class Site:
    """Where it listens, and the address of its database."""

    address: str
    port: int

    UNFINISHED: ClassVar[str]
    """How many processes may still do something by themselves."""
    OUTCOME: ClassVar[str]
    """The columns of `Outcome`, of the processes whose ids are given twice."""
    IS_COMPLETED: ClassVar[str]
    """A row when the process whose id is given has completed."""

    def client(self) -> Client:
        """A program that calls it."""
        raise NotImplementedError

    def read(self, *paths: str, clients: int = 1, seconds: float = 0, answers: int = 1) -> Load:
        """Ask for these addresses in turn, as a program does."""
        return self.load_of(self.client(), paths, clients=clients, seconds=seconds, answers=answers)

    def load_of(
        self, caller: Client, paths: Sequence[str], *, clients: int = 1, seconds: float = 0, answers: int = 1
    ) -> Load:
        """The same, signed in as this caller is."""
        asked = [load.request(path, caller.headers) for path in paths]
        return load.drive(self.port, asked, clients=clients, seconds=seconds, answers=answers)

    def rows(self, statement: str, *values: object) -> list[Row]:
        """What its database says."""
        with psycopg.connect(self.address, autocommit=True) as raw:
            return raw.execute(statement.encode(), values).fetchall()

    def unfinished(self) -> int:
        ((count,),) = self.rows(self.UNFINISHED)
        return int(count)

    def outcome(self, ids: Sequence[str]) -> Outcome:
        ((completed, last_at, steps),) = self.rows(self.OUTCOME, list(ids), list(ids))
        return Outcome(completed, last_at, steps)
