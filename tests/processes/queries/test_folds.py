"""The steps of a page: folds with counts, those that are open, and what people did in between."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from processes.engine.values.status import ProcessStatus, StepKind, StepStatus
from processes.models import Process
from processes.queries import PageSteps, find, fold_of, page_steps, revision, timeline
from tests.factories import processes as rows

pytestmark = pytest.mark.django_db


def brief(steps: PageSteps) -> list[tuple[int, int, int, int, bool]]:
    """First, last, done, failed, and whether it is open, of each fold."""
    return [(fold.first, fold.last, fold.done, fold.failed, fold.steps is not None) for fold in steps.folds]


def opened(process: Process, *folds: int) -> list[int]:
    return [fold.number for fold in page_steps(revision(process.pk).process, folds).folds if fold.steps is not None]


def edit(process: Process, sequence: int, visit: int = 1, **fields: Any) -> None:
    rows.step(process, "~edit", kind=StepKind.EDIT, name="State edited", sequence=sequence, visit=visit, **fields)


def test_long_process_opens_where_it_stands() -> None:
    process = rows.long_process(steps=210, done=120)

    steps = page_steps(revision(process.pk).process)

    assert brief(steps) == [
        (1, 50, 50, 0, False), (51, 100, 50, 0, False), (101, 150, 20, 0, True), (151, 200, 0, 0, False),
        (201, 210, 0, 0, False),
    ]  # fmt: skip
    assert (steps.done, steps.number, steps.extras) == (120, 210, [])
    assert steps.last_row == process.steps.latest("pk").pk
    assert [step.name for step in steps.folds[2].steps or () if step.is_current] == ["Step 121"]


def test_short_process_is_one_fold_with_the_steps_of_the_timeline() -> None:
    process = rows.process(ProcessStatus.ABORTED)
    rows.step(process, "create", sequence=1, patch={"a": 1})
    edit(process, 2, reason="wrong")
    rows.step(process, "confirm", StepStatus.ABORT)
    rows.step(process, "", StepStatus.ABORT, name="User Aborted")

    steps = page_steps(revision(process.pk).process)

    assert brief(steps) == [(1, 3, 1, 0, True)]
    assert [*(steps.folds[0].steps or ()), *steps.extras] == timeline(find(process.pk))


def test_ended_process_opens_where_it_ended() -> None:
    assert opened(rows.long_process(ProcessStatus.ABORTED, steps=200, done=73)) == [2]
    assert opened(rows.long_process(ProcessStatus.COMPLETED, steps=200, done=200)) == [4]
    assert opened(rows.long_process(ProcessStatus.CREATED, steps=200, done=0)) == [1]


def test_folds_with_failed_steps_are_open_as_are_those_asked_for() -> None:
    process = rows.long_process(steps=500, done=10)
    for number in (120, 170, 220, 270, 320):
        rows.step(process, f"step-{number}", StepStatus.FAILED)

    assert opened(process) == [1, 3, 4, 5, 6]
    assert opened(process, 10, 99) == [1, 3, 4, 5, 6, 10]
    assert page_steps(revision(process.pk).process).folds[6].failed == 1


def test_edits_stand_behind_what_was_committed_before_them() -> None:
    process = rows.long_process(steps=100, done=60)
    process.steps.filter(sequence__gt=50).update(sequence=100)
    edit(process, 0)
    edit(process, 51, visit=2)

    first, second = (fold_of(revision(process.pk).process, number) for number in (1, 2))

    assert first is not None
    assert second is not None
    assert [step.name for step in (first.steps or ())[:2]] == ["State edited", "Step 1"]
    assert [step.name for step in (first.steps or ())[-2:]] == ["Step 50", "State edited"]
    assert [step.name for step in (second.steps or ())[:1]] == ["Step 51"]
    assert len({step.anchor for step in first.steps or ()}) == 52


def test_steps_of_a_former_plan_are_extras() -> None:
    process = rows.long_process(steps=80, done=2)
    rows.step(process, "gone", sequence=3)

    steps = page_steps(revision(process.pk).process)

    assert [step.name for step in steps.extras] == ["Gone"]
    assert (steps.done, steps.number) == (3, 81)


def test_fold_that_is_not_there() -> None:
    process = revision(rows.process().pk).process

    assert fold_of(process, 2) is None
    assert fold_of(process, 0) is None


def test_page_asks_the_same_of_any_number_of_steps() -> None:
    def asked(number: int) -> int:
        process = revision(rows.long_process(steps=number + 1, done=number).pk).process
        page_steps(process)
        with CaptureQueriesContext(connection) as queries:
            page_steps(process)
        return len(queries)

    assert [asked(1), asked(3), asked(200), asked(1_000)] == [1, 1, 2, 2]
