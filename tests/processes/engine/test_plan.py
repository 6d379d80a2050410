"""Two plans side by side: what is the same, changed, added, removed."""

import pytest

from processes.engine.plan import PlanStep, compare
from processes.engine.values.status import StepKind


def plan(paths: str) -> list[PlanStep]:
    """A plan of one-letter paths; a capital stands for another name."""
    return [PlanStep(one.lower(), one, StepKind.STEP) for one in paths]


@pytest.mark.parametrize(
    ("before", "after", "lines"),
    [
        ("", "", []),
        ("ab", "ab", ["a same a", "b same b"]),
        ("ab", "axb", ["a same a", "- added x", "b same b"]),
        ("abc", "ac", ["a same a", "b removed -", "c same c"]),
        ("ab", "aB", ["a same a", "b same B"]),
        ("ab", "ax", ["a same a", "b removed -", "- added x"]),
        ("ab", "ba", ["- added b", "a same a", "b removed -"]),
        ("", "a", ["- added a"]),
    ],
)
def test_plans_are_laid_side_by_side(before: str, after: str, lines: list[str]) -> None:
    rows = compare(plan(before), plan(after))

    assert [f"{_name(row.before)} {row.mark} {_name(row.after)}" for row in rows] == lines


def test_step_with_another_key_is_the_same_and_marks_where_the_process_stands() -> None:
    renamed = {"b": "x"}

    rows = compare(plan("abc"), plan("axd"), lambda path: renamed.get(path, path), at="b")

    assert [(_name(row.before), row.mark.value, _name(row.after), row.is_current) for row in rows] == [
        ("a", "same", "a", False), ("b", "same", "x", True), ("c", "removed", "-", False), ("-", "added", "d", False),
    ]  # fmt: skip


def _name(one: PlanStep | None) -> str:
    return one.name if one else "-"
