"""Some schedules, and each planted bug; `./run faults simulation` does many. It brings its own database in memory."""

import os
import subprocess
import sys

import pytest

from tests.faults import stage

pytestmark = [
    pytest.mark.database,
    pytest.mark.timeout(300),
    pytest.mark.skipif(
        "sqlite" not in os.environ.get("DATABASE_URL", ""), reason="the SQLite lane runs the simulation"
    ),
]

SCHEDULES = 400


def test_schedules_break_no_promise_and_each_planted_bug_is_found(seed: int) -> None:
    answer = simulate("--seed", str(seed), "--count", str(SCHEDULES))

    print(answer.stdout, answer.stderr)
    assert answer.returncode == 0


def test_a_seed_tells_the_same_story_again(seed: int) -> None:
    alone = ("--seed", str(seed), "--count", "1", "--plant", "none", "--verbose")

    first, second = simulate(*alone), simulate(*alone)

    assert first.stdout.count("\n") > 4
    assert first.stdout == second.stdout


def simulate(*options: str) -> "subprocess.CompletedProcess[str]":
    """In a process of its own, which knows nothing of the database of this test."""
    command = [sys.executable, "-m", "tests.faults", "simulation", "--database", stage.MEMORY, *options]
    return subprocess.run(command, cwd=stage.ROOT, check=False, capture_output=True, text=True, timeout=560)
