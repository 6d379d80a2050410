"""A migration that has landed is what some database has run: it stays as it is, to the byte."""

import hashlib
import json
from pathlib import Path

import pytest

from tests.contracts.figures.sources import ROOT

RECORDED = Path(__file__).with_name("migrations.json")
APPS = ("orchestrator_site", "processes", "products", "subscriptions")


def digests() -> dict[str, str]:
    """The SHA-256 of each migration, by app and name."""
    files = [file for app in APPS for file in sorted((ROOT / app / "migrations").glob("0*.py"))]
    return {f"{file.parts[-3]}.{file.stem}": hashlib.sha256(file.read_bytes()).hexdigest() for file in files}


def test_migrations_that_have_landed_are_not_edited(request: pytest.FixtureRequest) -> None:
    """M12."""
    present, recorded = digests(), json.loads(RECORDED.read_text())
    changed = sorted(name for name in recorded if present.get(name) != recorded[name])
    new = sorted(present.keys() - recorded.keys())

    if request.config.getoption("--record") and not changed:
        RECORDED.write_text(f"{json.dumps(present, indent=1)}\n")
        new = []

    assert changed == [], "Databases have run these: mend by one more migration."
    assert new == [], "Run: .venv/bin/python -m pytest tests/contracts/test_migrations.py --record"
