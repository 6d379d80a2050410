"""Words of moments, durations, statuses and values."""

from datetime import UTC, datetime, timedelta
from enum import StrEnum

import pytest

from orchestrator_site.look import moments, values
from orchestrator_site.look.statuses import FAMILIES, STATUSES, Appearance, Tone, appearance
from orchestrator_site.look.values import Change
from processes.engine.status import ProcessStatus, StepStatus
from processes.queries.external_systems import SystemState
from processes.queries.fleet import EngineState, WorkerState
from products.models import ProductStatus
from subscriptions.lifecycle import SubscriptionLifecycle

NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0, "just now"),
        (44, "just now"),
        (-10, "in a moment"),
        (50, "1 minute ago"),
        (240, "4 minutes ago"),
        (5_400, "2 hours ago"),
        (-7_200, "in 2 hours"),
        (86_400, "1 day ago"),
        (8 * 86_400, "13 Nov 2026"),
    ],
)
def test_relative_words(seconds: int, words: str) -> None:
    assert moments.relative(NOW - timedelta(seconds=seconds), now=NOW) == words


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (-1, "0 ms"),
        (0.08, "80 ms"),
        (4.21, "4.2 s"),
        (185, "3 min 5 s"),
        (7_800, "2 h 10 min"),
        (7_200, "2 h"),
        (3 * 86_400 + 4 * 3_600, "3 d 4 h"),
    ],
)
def test_durations(seconds: float, words: str) -> None:
    assert moments.spell(timedelta(seconds=seconds)) == words


@pytest.mark.parametrize("closed_set", [ProcessStatus, StepStatus, SubscriptionLifecycle, ProductStatus])
def test_every_status_has_its_own_look(closed_set: type) -> None:
    words = {str(getattr(member, "value", member)) for member in closed_set}  # type: ignore[attr-defined] # an enum

    assert words - STATUSES.keys() == set()


@pytest.mark.parametrize(
    ("family", "closed_set"), [("engine", EngineState), ("worker", WorkerState), ("system", SystemState)]
)
def test_every_family_has_a_look_for_each_of_its_statuses(family: str, closed_set: type[StrEnum]) -> None:
    assert FAMILIES[family].keys() == {member.value.lower() for member in closed_set}


def test_a_family_says_what_its_status_looks_like() -> None:
    assert appearance("running", "engine") != appearance("running")
    assert appearance("gone", "worker") == Appearance("Gone", Tone.NEUTRAL, "point")


def test_an_unknown_status_keeps_its_word() -> None:
    assert appearance("being_moved") == Appearance("Being moved", Tone.NEUTRAL, "point")


def test_json_is_marked_and_escaped() -> None:
    marked = values.marked({"a": ["<b>", 1.5, None]})

    assert marked == (
        '{\n  <span class="json-key">&quot;a&quot;</span>: [\n'
        '    <span class="json-text">&quot;&lt;b&gt;&quot;</span>,\n'
        '    <span class="json-number">1.5</span>,\n    <span class="json-word">null</span>\n  ]\n}'
    )


def test_changes_name_the_path() -> None:
    before = {"same": 1, "port": {"name": "1/1", "old": True}, "list": [1, 2]}
    after = {"same": 1, "port": {"name": "1/2"}, "list": [1, 3, {"x": 0}], "new": None}

    assert values.changes(before, after) == (
        Change("port.name", "changed", "1/1", "1/2"),
        Change("port.old", "removed", "true", None),
        Change("list.1", "changed", "2", "3"),
        Change("list.2", "added", None, '{\n  "x": 0\n}'),
        Change("new", "added", None, "null"),
    )
