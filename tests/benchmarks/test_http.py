"""The benchmark over HTTP in small: what it starts does its work, and the figures are written down."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.benchmarks.machine import ROOT


@pytest.mark.postgres
def test_a_small_load_goes_through_the_whole_site(tmp_path: Path) -> None:
    figures = tmp_path / "figures.json"
    command = [sys.executable, "-m", "tests.benchmarks", "http", "--rounds", "1", "--processes", "4"]
    environment = {name: value for name, value in os.environ.items() if name not in {"DATABASE_URL", "DATA_DIR"}}

    done = subprocess.run(
        [*command, "--json", str(figures)],
        cwd=ROOT,
        env={**environment, "TMPDIR": str(tmp_path)},
        check=False,
        capture_output=True,
        text=True,
        timeout=100,
    )

    assert done.returncode == 0, done.stdout + done.stderr
    parts = json.loads(figures.read_text())["parts"]
    assert [(part, all(row["ours"] >= 0 for row in rows)) for part, rows in parts.items()] == [("http", True)]
    assert list(tmp_path.glob("orchestrator-*")) == [], "no data are left behind"
