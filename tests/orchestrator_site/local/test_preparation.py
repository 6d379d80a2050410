"""A start of the demo prepares its database once for each release, and again whenever that might be needed."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from orchestrator_site.local import preparation
from orchestrator_site.local.preparation import Preparation


@pytest.fixture
def prepared(tmp_path: Path) -> Preparation:
    """A database with one migration, of which it is known that it was prepared."""
    database = tmp_path / "orchestrator.sqlite3"
    with closing(sqlite3.connect(database)) as connection:
        connection.execute("CREATE TABLE django_migrations (app, name)")
    migrate(database, "0001_initial")
    found = preparation.of(tmp_path, f"sqlite:///{database}")
    assert found is not None
    found.note()
    return found


def migrate(database: Path, name: str) -> None:
    with closing(sqlite3.connect(database)) as connection:
        connection.execute("INSERT INTO django_migrations VALUES ('processes', ?)", [name])
        connection.commit()


def test_prepared_database_is_left_alone(prepared: Preparation) -> None:
    assert prepared.is_done()


def test_database_that_was_never_prepared_is_prepared(prepared: Preparation) -> None:
    prepared.file.unlink()

    assert not prepared.is_done()


def test_database_of_another_release_is_prepared(prepared: Preparation, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(preparation, "_PREPARES", ("uv.lock", "orchestrator_site/demo/catalogue.yaml"))

    assert not prepared.is_done()


def test_database_that_was_migrated_by_hand_is_prepared(prepared: Preparation) -> None:
    migrate(prepared.database, "0002_more")

    assert not prepared.is_done()


def test_database_that_is_gone_or_spoilt_is_prepared(prepared: Preparation) -> None:
    prepared.database.write_text("not a database" * 100)
    assert not prepared.is_done()

    prepared.database.unlink()
    assert not prepared.is_done()


@pytest.mark.parametrize(
    "address", ["postgresql://127.0.0.1/site", "sqlite:////elsewhere/site.sqlite3", "sqlite://:memory:"]
)
def test_nothing_is_known_of_databases_elsewhere(address: str, tmp_path: Path) -> None:
    assert preparation.of(tmp_path, address) is None


def test_what_prepares_is_there() -> None:
    """A file that was moved would no longer count, and its changes would never be applied."""
    assert all(list(preparation._ROOT.glob(pattern)) for pattern in preparation._PREPARES)
