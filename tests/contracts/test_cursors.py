"""SQL of our own stands in one room: nothing but `processes.store` and migrations opens a cursor."""

import re

from tests.contracts.figures.sources import ROOT, product_files

ROOM = "processes/store/"
CURSOR = re.compile(r"\b(?:\w+\.|prepared_)cursor\(")
NOT_YET = {
    "orchestrator_site/operations/health.py",
    "processes/actions/idempotency.py",
}
"""Files that still open one, instead of naming a statement of the room. Whoever mends one takes it off the list."""


def test_cursors_are_opened_in_one_room() -> None:
    files = {str(file.relative_to(ROOT)): file for file in product_files()}

    opened = {name for name, file in files.items() if CURSOR.search(file.read_text()) and not name.startswith(ROOM)}

    assert opened == NOT_YET
