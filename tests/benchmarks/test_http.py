"""The benchmark over HTTP in small, on the server of this lane: what it starts does its work, and the figures are
written down.
"""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.db import connection

from tests.benchmarks import machine

COMMAND = [sys.executable, "-m", "tests.benchmarks"]


@pytest.mark.postgres
@pytest.mark.django_db
def test_a_small_load_goes_through_the_whole_site(tmp_path: Path) -> None:
    figures = tmp_path / "figures.json"
    environment = {name: value for name, value in os.environ.items() if name != "DATA_DIR"}

    with machine.folder() as temporary:
        done = subprocess.run(
            [*COMMAND, "http", "--rounds", "1", "--processes", "4", "--json", str(figures)],
            cwd=machine.ROOT,
            env={**environment, "TMPDIR": str(temporary)},
            check=False,
            capture_output=True,
            text=True,
            timeout=100,
        )
        left = list(temporary.glob("orchestrator-*"))

    assert figures.exists(), done.stdout + done.stderr
    rows = json.loads(figures.read_text())["parts"]["http"]
    missed = [row for row in rows if row["verdict"] == "MISSED"]
    assert (done.returncode, all(row["ours"] >= 0 for row in rows)) == (int(bool(missed)), True)
    assert all(f"{row['name']} " in done.stdout.partition("figures,")[2] for row in missed)
    assert left == [], "no data are left behind"
    assert databases() == [], "no database is left behind"


def databases() -> list[str]:
    """Those of benchmarks."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT datname FROM pg_database WHERE datname LIKE 'bench!_%' ESCAPE '!'")
        return [name for (name,) in cursor.fetchall()]


def test_a_part_that_is_not_there_is_refused_by_name() -> None:
    done = subprocess.run(
        [*COMMAND, "speed"], cwd=machine.ROOT, check=False, capture_output=True, text=True, timeout=60
    )

    assert done.returncode == 2
    assert "there is no part speed; there are: engine, steps, http" in done.stderr
