"""Which worker of a run takes which test, and when.

Loaded as a plugin. Tests of a file stay in one worker, so that what they share is made once. Two pieces are larger and
begin: what needs a browser or the whole demo, of which there is one each, and what breaks processes. Both wait for
others more than they work, so one of each runs beside those that work, and there is a worker more than there are cores.
"""

from collections.abc import Sequence
from typing import Any

import pytest
from xdist.scheduler import LoadScopeScheduling

DEMO_OR_BROWSER = "demo or browser"
FAULTS = "faults"
FOLDERS = {"tests/e2e": DEMO_OR_BROWSER, "tests/faults": FAULTS}
APART = {
    "tests/e2e/test_database_trouble.py", "tests/e2e/test_identity.py", "tests/e2e/test_prefix.py",
    "tests/faults/test_api.py", "tests/faults/test_corpus.py", "tests/faults/test_machine.py",
    "tests/faults/test_simulation.py",
}  # fmt: skip
"""Of these folders, what has a site of its own, and what waits for nobody."""
FIRST = (DEMO_OR_BROWSER, FAULTS, "tests/faults/", "tests/e2e/", "tests/contracts/", "tests/benchmarks/")
"""What takes long, in its order: none of it is left over in the end."""


class Scheduling(LoadScopeScheduling):
    """Deals out pieces in the order of collection; left alone it would begin with those of the most tests."""

    def __init__(self, config: pytest.Config, log: Any) -> None:
        config.option.loadscopereorder = False
        super().__init__(config, log)

    def _split_scope(self, nodeid: str) -> str:
        return piece_of(nodeid)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Scheduling:
    return Scheduling(config, log)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """After pytest-randomly has mixed them."""
    items.sort(key=lambda item: place_of(item.nodeid))


def piece_of(nodeid: str) -> str:
    """The piece that a test is part of; its file, when it is of no other."""
    file = nodeid.partition("::")[0]
    if file.endswith("_browser.py"):
        return DEMO_OR_BROWSER
    return file if file in APART else FOLDERS.get(file.rpartition("/")[0], file)


def place_of(nodeid: str, order: Sequence[str] = FIRST) -> int:
    """By this tests are sorted, small ones first."""
    piece = piece_of(nodeid)
    return next((place for place, first in enumerate(order) if piece.startswith(first)), len(order))
