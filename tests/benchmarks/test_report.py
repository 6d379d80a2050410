"""Rows of the benchmark table: ratios, spread, verdicts, and how they read."""

import pytest

from tests.benchmarks import report
from tests.benchmarks.report import Budget, Row


@pytest.mark.parametrize(
    ("rounds", "floors", "budget", "verdict"),
    [
        ((300.0,), (), report.at_least(150), "OK"),
        ((149.0,), (), report.at_least(150), "MISSED"),
        ((60.0,), (), report.at_most(60), "OK"),
        ((61.0,), (), report.at_most(60), "MISSED"),
        ((40.0,), (100.0,), report.at_least(0.4), "OK"),
        ((1.2,), (1.0,), report.at_most(1.1), "MISSED"),
        ((1.2,), (1.0,), None, ""),
        ((300.0,), (), None, ""),
    ],
)
def test_a_row_is_held_against_its_must(
    rounds: tuple[float, ...], floors: tuple[float, ...], budget: Budget | None, verdict: str
) -> None:
    assert Row("a", "ms", rounds, floors, budget=budget).verdict == verdict


def test_a_ratio_is_the_median_of_the_ratios_of_rounds() -> None:
    row = Row("a", "/s", rounds=(2.0, 4.0, 90.0), floors=(1.0, 4.0, 30.0))

    assert (row.ours, row.floor, row.ratio) == (4.0, 4.0, 2.0)


def test_rounds_that_were_not_quiet_do_not_count() -> None:
    row = Row("a", "/s", (2.0, 4.0, 90.0), (1.0, 4.0, 30.0), quiet=(True, False, False))

    assert (row.ours, row.ratio, row.noisy) == (2.0, 2.0, 2)


def test_all_rounds_count_where_none_was_quiet() -> None:
    row = Row("a", "/s", (2.0, 4.0, 90.0), quiet=(False, False, False))

    assert (row.ours, row.noisy) == (4.0, 3)


@pytest.mark.parametrize(
    ("row", "words"),
    [
        (Row("a", "/s", (500, 600, 700), budget=report.at_least(550, 850)), "a 500 / 600 / 700 /s ≥ 550 850 OK"),
        (Row("a", "ms", (35.26,), budget=report.at_most(60)), "a 35.3 ms ≤ 60 OK"),
        (
            Row("a", "/s", (1183,), (2658,), "pgbench 2", report.at_least(0.5), (False,)),
            "a 1183 /s pgbench 2 2658 0.445 ≥ 0.5 MISSED*",
        ),
        (Row("a", "ms", (0.6,), (0.5,), "psycopg"), "a 0.6 ms psycopg 0.5 1.2"),
        (report.plain("a", "MB", [99.66]), "a 99.7 MB"),
    ],
)
def test_a_line_tells_spread_floor_ratio_budget_and_verdict(row: Row, words: str) -> None:
    assert " ".join(report.line(row).split()) == words


def test_columns_stand_below_their_headings() -> None:
    line = report.line(Row("idle", "%", (1.0,), budget=report.at_most(2, 0.5)))

    heading = report.heading()
    assert line.index("≤ 2") + len("≤ 2") == heading.index("must") + len("must")
    assert line.index("0.5") + len("0.5") == heading.index("aim") + len("aim")


def test_a_row_as_json_has_every_round_and_its_verdict() -> None:
    row = Row("idle", "%", (1.0, 3.0), (2.0, 2.0), "floor", report.at_most(2, 0.5), (True, True))

    assert row.as_json() == {
        "name": "idle", "unit": "%", "ours": 2.0, "rounds": (1.0, 3.0), "quiet": (True, True),
        "floor": 2.0, "floor_name": "floor", "floor_rounds": (2.0, 2.0), "ratio": 1.0,
        "must": 2, "aim": 0.5, "sign": "≤", "verdict": "OK",
    }  # fmt: skip


@pytest.mark.parametrize(("percent", "value"), [(0, 1), (50, 3), (80, 4), (95, 5), (100, 5)])
def test_a_percentile_is_one_of_the_values(percent: float, value: int) -> None:
    assert report.percentile([5, 1, 4, 2, 3], percent) == value


def test_nothing_has_no_percentile() -> None:
    with pytest.raises(ValueError, match="nothing"):
        report.percentile([], 50)
