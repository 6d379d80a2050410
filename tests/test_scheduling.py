"""Tests are dealt out in pieces: one of each large kind, else a file."""

import re
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from tests import scheduling

TESTS = Path(__file__).parent


@pytest.mark.parametrize(
    ("test", "piece"),
    [
        ("tests/e2e/test_life.py::test_a", scheduling.DEMO_OR_BROWSER),
        ("tests/products/views/test_pages_browser.py::test_a[chromium]", scheduling.DEMO_OR_BROWSER),
        ("tests/faults/test_storm.py::test_a", scheduling.FAULTS),
        ("tests/faults/test_machine.py::test_a", "tests/faults/test_machine.py"),
        ("tests/processes/test_checks.py::test_a[x::y]", "tests/processes/test_checks.py"),
    ],
)
def test_piece_of_a_test(test: str, piece: str) -> None:
    assert scheduling.piece_of(test) == piece


@pytest.mark.parametrize("needs", [r"from tests.e2e.demo import .*\bDemo\b", r"pytest\.mark\.browser"])
def test_whatever_needs_the_one_demo_or_browser_is_one_piece(needs: str) -> None:
    files = [file for file in TESTS.rglob("test_*.py") if re.search(needs, file.read_text())]

    assert len(files) > 3
    assert {scheduling.piece_of(str(file.relative_to(TESTS.parent))) for file in files} == {scheduling.DEMO_OR_BROWSER}


def test_what_is_apart_is_there() -> None:
    assert {file for file in scheduling.APART if not (TESTS.parent / file).exists()} == set()


def test_large_pieces_begin() -> None:
    files = [
        "tests/test_run.py",
        "tests/contracts/test_names.py",
        "tests/faults/test_storm.py",
        "tests/e2e/test_life.py",
    ]

    assert sorted(files, key=scheduling.place_of) == files[::-1]


class Worker:
    """Notes the numbers of the tests that it is told to run."""

    shutting_down = False
    gateway = SimpleNamespace(id="gw")

    def __init__(self) -> None:
        self.told: list[int] = []

    def send_runtest_some(self, numbers: list[int]) -> None:
        self.told += numbers

    def shutdown(self) -> None:
        """Nothing is left for it."""


def test_worker_is_given_a_piece_as_a_whole() -> None:
    """The groups of xdist 3.8 are without effect since pytest 9.2, and nothing said so."""
    tests = ["tests/e2e/test_life.py::a", "tests/c/test_c.py::c", "tests/look/test_b_browser.py::b"]
    options: Any = SimpleNamespace(getvalue=lambda name: ["2*popen"], option=SimpleNamespace())
    dealing = scheduling.Scheduling(options, None)
    workers: list[Any] = [Worker(), Worker()]
    for worker in workers:
        dealing.add_node(worker)
        dealing.add_node_collection(worker, tests)

    dealing.schedule()

    assert [worker.told for worker in workers] == [[0, 2], [1]]
