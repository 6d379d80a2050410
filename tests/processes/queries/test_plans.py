"""The folds of a plan: which steps are in which, and which are near."""

import pytest

from processes.queries import plan_of
from processes.queries.plans import FOLD, LONGEST_WHOLE, Plan, plan_steps, step_anchor
from tests.factories import processes as rows


def plan(steps: int) -> Plan:
    return Plan(plan_steps(rows.long_plan(steps)))


@pytest.mark.parametrize(
    ("steps", "sizes"),
    [(0, [0]), (1, [1]), (LONGEST_WHOLE, [LONGEST_WHOLE]), (LONGEST_WHOLE + 1, [50, 26]), (150, [50, 50, 50])],
)
def test_long_plans_are_cut_into_folds(steps: int, sizes: list[int]) -> None:
    cut = plan(steps)

    assert [len(cut.part(fold)) for fold in cut.folds] == sizes
    assert [cut.fold_of(step.path) for fold in cut.folds for step in cut.part(fold)] == [
        fold for fold in cut.folds for _ in range(sizes[fold - 1])
    ]


@pytest.mark.parametrize(
    ("place", "folds"),
    [(-1, {1}), (0, {1}), (44, {1}), (45, {1, 2}), (50, {1, 2}), (54, {1, 2}), (55, {2}), (199, {4})],
)
def test_a_fold_is_near_when_the_place_is_at_its_border(place: int, folds: set[int]) -> None:
    assert FOLD == 50
    assert plan(200).near(place) == folds


def test_anchors_tell_paths_apart_and_suit_selectors() -> None:
    paths = ["a/b", "ab", "a_b", "a-b", "A", "a", "ports[7f]/x", "é", "", "_2f"]

    anchors = [step_anchor(path) for path in paths]

    assert anchors == [
        "step-a_2fb", "step-ab", "step-a_5fb", "step-a-b", "step-A", "step-a", "step-ports_5b7f_5d_2fx", "step-_c3_a9",
        "process-end", "step-_5f2f",
    ]  # fmt: skip


def test_what_had_another_key_is_the_same_step() -> None:
    began_with = Plan(plan_steps(rows.PLAN), known_as=[("approve", "confirm", "agree"), ("gone", "never-there")])

    assert [began_with.path_of(path) for path in ("create", "approve", "confirm", "agree", "gone")] == [
        "create", "confirm", "confirm", "confirm", "gone",
    ]  # fmt: skip
    assert began_with.paths_of(began_with.steps[:2]) == ["create", "confirm", "approve", "agree"]
    assert (began_with.fold_of("approve"), began_with.by_anchor["step-approve"]) == (1, "confirm")


def test_steps_that_became_one_stay_apart_in_the_plan_that_has_both() -> None:
    began_with = Plan(plan_steps(rows.long_plan(2)), known_as=[("both", "step-1", "step-2")])

    assert [began_with.path_of(path) for path in ("step-1", "step-2", "both")] == ["step-1", "step-2", "step-2"]


@pytest.mark.django_db
def test_plan_is_read_once(django_assert_num_queries: object) -> None:
    process = rows.long_process(steps=90, done=3)

    first, second = plan_of(process), plan_of(process)

    assert first is second
    assert first.by_anchor["step-step-90"] == "step-90"
