"""Whether the database of the demo is as this release prepares it, so that a start need not prepare it again.

To find that out by Django takes longer than to start the site. A file beside the database tells what it was prepared
by: the code that did it, and the migrations that the database had then.
"""

import hashlib
import sqlite3
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

_ROOT = Path(__file__).resolve().parents[2]
_PREPARES = (
    "uv.lock",
    "*/migrations/*.py",
    "orchestrator_site/demo/catalogue.yaml",
    "orchestrator_site/local/first_run.py",
    "orchestrator_site/management/commands/prepare_demo.py",
)
_SQLITE = "sqlite:///"


@dataclass(frozen=True)
class Preparation:
    """Of one SQLite file; `file` keeps what was done."""

    database: Path
    file: Path

    def is_done(self) -> bool:
        """Whether this release has prepared this database, and nobody has migrated it since."""
        stamp = self._stamp()
        return stamp is not None and self.file.exists() and self.file.read_text() == stamp

    def note(self) -> None:
        """Remember that it is done."""
        self.file.write_text(self._stamp() or "")

    def _stamp(self) -> str | None:
        migrations = _migrations(self.database)
        return None if migrations is None else f"{_release()}\n{migrations}\n"


def of(data: Path, address: str) -> Preparation | None:
    """What is known of the database at this address; nothing of one that is no file of this data folder."""
    database = Path(address.removeprefix(_SQLITE))
    if not address.startswith(_SQLITE) or database.parent != data:
        return None
    return Preparation(database, data / "prepared")


def _release() -> str:
    """A digest of all that prepares a database."""
    files = sorted(file for pattern in _PREPARES for file in _ROOT.glob(pattern))
    parts = (f"{file.relative_to(_ROOT)} {hashlib.sha256(file.read_bytes()).hexdigest()}" for file in files)
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def _migrations(database: Path) -> str | None:
    """A digest of the migrations that a database has; None of one that cannot be asked."""
    if not database.exists():
        return None
    try:
        with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as connection:
            rows = connection.execute("SELECT app, name FROM django_migrations ORDER BY app, name").fetchall()
    except sqlite3.Error:
        return None
    return hashlib.sha256("\n".join(f"{app} {name}" for app, name in rows).encode()).hexdigest()
