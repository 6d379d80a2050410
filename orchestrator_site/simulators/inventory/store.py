"""The inventory's objects in one SQLite file: a connection per transaction, so any thread may ask."""

import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from ipaddress import IPv4Network, IPv6Network, ip_interface, ip_network
from pathlib import Path
from typing import Any

from orchestrator_site.simulators.inventory.fields import Field, FieldType, OnDelete
from orchestrator_site.simulators.inventory.kinds import BY_NAME, KINDS, Kind, dependents

Row = dict[str, Any]
SQL_TYPES = {FieldType.INTEGER: "INTEGER", FieldType.BOOLEAN: "INTEGER", FieldType.REFERENCE: "INTEGER"}
BUSY_SECONDS = 10
LONGEST_LIST = 1000


class Protected(Exception):
    """Other objects still depend on the one to be deleted."""

    def __init__(self, names: Sequence[str]) -> None:
        super().__init__(f"Unable to delete object. {len(names)} dependent objects were found: {', '.join(names)}")
        self.names = tuple(names)


class Store:
    """Opens the file, makes the tables, and hands out transactions."""

    def __init__(self, file: Path) -> None:
        self.file = file
        file.parent.mkdir(parents=True, exist_ok=True)
        connection = self._connect()
        try:
            connection.execute("PRAGMA journal_mode=WAL")
            for kind in KINDS:
                connection.execute(_table(kind))
        finally:
            connection.close()

    @contextmanager
    def transaction(self) -> Iterator["Transaction"]:
        """All or nothing; writers take turns from the first statement on. Closing undoes what was not committed."""
        connection = self._connect()
        try:
            connection.execute("BEGIN IMMEDIATE")
            yield Transaction(connection)
            connection.execute("COMMIT")
        finally:
            connection.close()

    @contextmanager
    def reading(self) -> Iterator["Transaction"]:
        """One consistent view that holds up no writer."""
        connection = self._connect()
        try:
            connection.execute("BEGIN")
            yield Transaction(connection)
        finally:
            connection.close()

    def _connect(self) -> sqlite3.Connection:
        connection = sqlite3.connect(self.file, timeout=BUSY_SECONDS, isolation_level=None)
        connection.row_factory = sqlite3.Row
        connection.execute("PRAGMA foreign_keys=ON")
        connection.create_function("ip_family", 1, _family, deterministic=True)
        connection.create_function("ip_within", 2, _within, deterministic=True)
        return connection


class Transaction:
    """What can be asked and done while the file is held; rows are dicts by column, kinds are passed in.

    Identifiers in the statements come from `kinds`, never from a caller; values are always bound.
    """

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def get(self, kind: Kind, pk: int) -> Row | None:
        """The object with that id, or None."""
        return self._one(f"SELECT * FROM {kind.table} WHERE id = ?", (pk,))  # noqa: S608

    def select(self, kind: Kind, where: "Where", *, limit: int, offset: int) -> list[Row]:
        """Objects in the order they were made."""
        sql = f"SELECT * FROM {kind.table} WHERE {where.sql} ORDER BY id LIMIT ? OFFSET ?"  # noqa: S608
        rows = self._connection.execute(sql, (*where.values, min(limit, LONGEST_LIST), offset))
        return [dict(row) for row in rows]

    def count(self, kind: Kind, where: "Where") -> int:
        """How many objects match."""
        sql = f"SELECT count(*) FROM {kind.table} WHERE {where.sql}"  # noqa: S608
        return int(self._connection.execute(sql, where.values).fetchone()[0])

    def insert(self, kind: Kind, values: Mapping[str, Any]) -> Row:
        """Stores a new object; the caller has checked natural keys and references."""
        now = _now()
        columns = {**values, "created": now, "last_updated": now}
        names, marks = ", ".join(columns), ", ".join("?" * len(columns))
        cursor = self._connection.execute(
            f"INSERT INTO {kind.table} ({names}) VALUES ({marks})",  # noqa: S608
            tuple(columns.values()),
        )
        return self._row(kind, cursor.lastrowid)

    def update(self, kind: Kind, pk: int, values: Mapping[str, Any]) -> Row:
        """Changes the named columns of an object that exists."""
        columns = {**values, "last_updated": _now()}
        assignments = ", ".join(f"{column} = ?" for column in columns)
        self._connection.execute(
            f"UPDATE {kind.table} SET {assignments} WHERE id = ?",  # noqa: S608
            (*columns.values(), pk),
        )
        return self._row(kind, pk)

    def delete(self, kind: Kind, pk: int) -> None:
        """Removes an object and what goes with it; raises Protected when something else needs it."""
        names = [
            name
            for other, reference in dependents(kind, OnDelete.PROTECT)
            for name in self._using(other, reference, pk)
        ]
        if names:
            raise Protected(names)
        self._connection.execute(f"DELETE FROM {kind.table} WHERE id = ?", (pk,))  # noqa: S608

    def used_addresses(self, network: IPv4Network | IPv6Network) -> set[int]:
        """The host numbers taken inside a prefix."""
        rows = self._connection.execute("SELECT address FROM ip_address WHERE ip_within(address, ?)", (str(network),))
        return {int(ip_interface(row["address"]).ip) for row in rows}

    def _using(self, other: Kind, reference: Field, pk: int) -> list[str]:
        rows = self._connection.execute(
            f"SELECT * FROM {other.table} WHERE {reference.column} = ? ORDER BY id",  # noqa: S608
            (pk,),
        )
        return [f"{other.name} {other.display.format(**dict(row))}" for row in rows]

    def _row(self, kind: Kind, pk: int | None) -> Row:
        row = self._one(f"SELECT * FROM {kind.table} WHERE id = ?", (pk,))  # noqa: S608
        assert row is not None
        return row

    def _one(self, sql: str, values: Sequence[Any]) -> Row | None:
        row = self._connection.execute(sql, values).fetchone()
        return None if row is None else dict(row)


class Where:
    """A condition that grows: SQL text made of our own columns, with the values apart."""

    def __init__(self) -> None:
        self.sql = "1"
        self.values: tuple[Any, ...] = ()

    def also(self, sql: str, *values: Any) -> None:
        """Narrows the condition."""
        self.sql = f"{self.sql} AND ({sql})"
        self.values = (*self.values, *values)

    def equals(self, column: str, values: Sequence[Any]) -> None:
        """The column holds one of the values; None means that it holds none."""
        alternatives = " OR ".join(f"{column} IS ?" for _ in values)
        self.also(alternatives, *values)


def _table(kind: Kind) -> str:
    columns = [
        "id INTEGER PRIMARY KEY AUTOINCREMENT",
        *(_column(each) for each in kind.fields),
        "created TEXT NOT NULL",
        "last_updated TEXT NOT NULL",
        *(f"UNIQUE ({', '.join(kind.field(name).column for name in names)})" for names in kind.unique),
    ]
    return f"CREATE TABLE IF NOT EXISTS {kind.table} ({', '.join(columns)})"


def _column(field: Field) -> str:
    column = f"{field.column} {SQL_TYPES.get(field.type, 'TEXT')}"
    if field.type is not FieldType.REFERENCE:
        return column
    return f"{column} REFERENCES {BY_NAME[field.to].table} (id) ON DELETE {field.on_delete}"


def _family(address: str) -> int:
    return ip_interface(address).version


def _within(address: str, prefix: str) -> bool:
    network, host = ip_network(prefix), ip_interface(address).ip
    return host.version == network.version and host in network


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds")
