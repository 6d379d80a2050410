"""What the REST interface and the pages answer is what was recorded; `--record` keeps what changes on purpose."""

import difflib

import pytest

from tests.contracts import recording
from tests.contracts.conftest import Demo
from tests.contracts.stops import Area
from tests.contracts.tour import AREAS

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]


@pytest.mark.parametrize("area", AREAS, ids=lambda area: area.name)
def test_answers_are_those_recorded(area: Area, demo: Demo, request: pytest.FixtureRequest) -> None:
    recorded = recording.load(area.name)

    answered = demo.walk(area)

    if request.config.getoption("--record"):
        recording.file_of(area.name).write_text(answered.text())
    elif answered.comparable() != recorded.comparable():
        pytest.fail(difference(area.name, recorded, answered), pytrace=False)


def difference(area: str, recorded: recording.Recording, answered: recording.Recording) -> str:
    """The lines that differ, and how to keep them."""
    before, after = recorded.text().splitlines(), answered.text().splitlines()
    lines = list(
        difflib.unified_diff(before, after, f"recorded/{area}.json", f"answered/{area}.json", lineterm="", n=4)
    )
    told = [*lines[:200], f"… {len(lines) - 200} more lines"] if len(lines) > 200 else lines
    return "\n".join([*told, "Changed on purpose? Run: .venv/bin/python -m pytest tests/contracts --record"])
