"""Words of moments and durations."""

from datetime import UTC, datetime, timedelta

import pytest

from orchestrator_site.look import moments

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
