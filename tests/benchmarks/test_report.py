"""Rows of the benchmark table: ratios, verdicts, and how they read."""

import pytest

from tests.benchmarks import report
from tests.benchmarks.report import Row


@pytest.mark.parametrize(
    ("row", "verdict"),
    [
        (report.at_least("starts", 300, "/s", 150), "OK"),
        (report.at_least("starts", 149, "/s", 150), "MISSED"),
        (report.at_most("latency", 60, "ms", 60), "OK"),
        (report.at_most("latency", 61, "ms", 60), "MISSED"),
        (Row("one worker", 40, "steps/s", 100, 0.4, at_least=0.4), "OK"),
        (Row("step 1 000", 1.2, "ms", 1.0, 1.2, at_most=1.1), "MISSED"),
        (Row("two turns", 1.2, "ms", 1.0, 1.2), ""),
        (report.plain("starts", 300, "/s"), ""),
    ],
)
def test_a_row_is_held_against_its_budget(row: Row, verdict: str) -> None:
    assert row.verdict == verdict


@pytest.mark.parametrize(
    ("row", "words"),
    [
        (report.at_least("a", 600, "/s", 550, aim=850), "a 600 /s ≥ 550, aim 850 1.09 OK"),
        (report.at_most("a", 35.26, "ms", 60), "a 35.3 ms ≤ 60 0.59 OK"),
        (Row("a", 1183, "steps/s", 2658, 0.445, at_least=0.4), "a 1183 steps/s ≥ 0.40 of 2658 0.45 OK"),
        (Row("a", 0.6, "ms", 0.5, 1.2), "a 0.6 ms beside 0.5 1.20"),
        (report.plain("a", 99.66, "MB"), "a 99.7 MB"),
    ],
)
def test_a_line_tells_figure_budget_ratio_and_verdict(row: Row, words: str) -> None:
    assert " ".join(report.line(row).split()) == words


def test_columns_stand_below_their_headings() -> None:
    line = report.line(report.at_most("idle", 1, "%", 2))

    assert line.index("≤ 2") + len("≤ 2") == report.heading().index("must be") + len("must be")


def test_a_row_as_json_has_its_verdict() -> None:
    row = report.at_most("idle", 1, "%", 2, aim=0.5)

    assert row.as_json() == {
        "name": "idle", "ours": 1, "unit": "%", "against": 2, "ratio": 0.5,
        "at_least": None, "at_most": 1.0, "aim": 0.5, "verdict": "OK",
    }  # fmt: skip


@pytest.mark.parametrize(("percent", "value"), [(0, 1), (50, 3), (80, 4), (95, 5), (100, 5)])
def test_a_percentile_is_one_of_the_values(percent: float, value: int) -> None:
    assert report.percentile([5, 1, 4, 2, 3], percent) == value


def test_nothing_has_no_percentile() -> None:
    with pytest.raises(ValueError, match="nothing"):
        report.percentile([], 50)


def test_a_ratio_is_of_medians() -> None:
    assert report.ratio_of_medians([2, 4, 100], [1, 2, 3]) == 2
