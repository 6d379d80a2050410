"""What is new for an open page: as much as happened, whatever the length of the process."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from processes.engine.values.status import ProcessStatus, RunState, StepKind, StepStatus
from processes.models import Process
from processes.queries import StepNews, revision, step_news
from tests.factories import processes as rows

pytestmark = pytest.mark.django_db


def last_row(process: Process) -> int:
    return process.steps.order_by("-pk").values_list("pk", flat=True).first() or 0


def news(process: Process, seen: int, place: int, *held: int) -> StepNews:
    return step_news(revision(process.pk).process, last_row=seen, place=place, held=held)


def told(steps: Any) -> list[tuple[str, str]]:
    return [(step.name, step.latest.status.value) for step in steps]


def test_step_that_was_done_and_the_next_are_told() -> None:
    process = rows.long_process(steps=120, done=60)
    seen = last_row(process)

    rows.walk(process, 61, 61)

    found = news(process, seen, 60, 2)
    assert told(found.steps) == [("Step 61", "success"), ("Step 62", "running")]
    assert [(fold.number, fold.done) for fold in found.counts] == [(2, 11)]
    assert (found.opened, found.extras, found.done, found.last_row) == ([], None, 61, last_row(process))


def test_progress_tells_the_step_that_runs() -> None:
    process = rows.long_process(steps=120, done=60, progress="half")

    found = news(process, last_row(process), 60, 2)

    assert [(step.name, step.latest.progress) for step in found.steps] == [("Step 61", "half")]


def test_answer_tells_the_step_that_asked_though_its_row_is_an_old_one() -> None:
    process = rows.process(ProcessStatus.SUSPENDED, position_path="confirm")
    asked = rows.step(process, "confirm", StepStatus.SUSPEND)

    process.steps.filter(pk=asked.pk).update(status=StepStatus.SUCCESS, sequence=1)
    Process.objects.update(run_state=RunState.READY, status=ProcessStatus.RESUMED, position_path="finish")

    assert told(news(process, asked.pk, 1, 1).steps) == [("Confirm", "success"), ("Finish", "pending")]


def test_next_fold_opens_and_folds_in_between_are_counted() -> None:
    process = rows.long_process(steps=300, done=48)
    seen = last_row(process)

    rows.walk(process, 49, 160)

    found = news(process, seen, 48, 1)
    assert told(found.steps) == [("Step 49", "success"), ("Step 50", "success")]
    assert [(fold.number, fold.done) for fold in found.counts] == [(1, 50), (2, 50), (3, 50)]
    assert [(fold.number, fold.done, len(fold.steps or ())) for fold in found.opened] == [(4, 10, 50)]


def test_fold_that_the_reader_has_opened_is_told_step_by_step() -> None:
    process = rows.long_process(steps=300, done=50)
    seen = last_row(process)

    rows.walk(process, 51, 51)

    found = news(process, seen, 50, 1, 2, 6)
    assert told(found.steps) == [("Step 51", "success"), ("Step 52", "running")]
    assert found.opened == []


def test_edit_renews_the_fold_in_which_it_stands() -> None:
    process = rows.long_process(ProcessStatus.FAILED, steps=120, done=60)
    seen = last_row(process)

    rows.step(process, "~edit", kind=StepKind.EDIT, name="State edited", sequence=61)

    (fold,) = news(process, seen, 60, 2).opened
    assert told(fold.steps)[9:12] == [("Step 60", "success"), ("State edited", "success"), ("Step 61", "pending")]
    assert [one.number for one in news(process, seen, 60).opened] == [2]


def test_end_of_an_aborted_process_is_an_extra() -> None:
    process = rows.long_process(ProcessStatus.ABORTED, steps=120, done=60)
    seen = last_row(process)

    rows.step(process, "", StepStatus.ABORT, name="User Aborted")

    found = news(process, seen, 60, 2)
    assert told(found.extras) == [("User Aborted", "abort")]
    assert told(found.steps) == [("Step 61", "pending")]


def test_page_that_knows_nonsense_is_told_something() -> None:
    process = rows.process(ProcessStatus.RUNNING)

    found = news(process, 10**18 - 1, 999_999, 77)

    assert [fold.number for fold in found.opened] == [1]


@pytest.mark.parametrize("what", ["step", "fold"])
def test_news_ask_the_same_of_any_number_of_steps(what: str) -> None:
    def asked(number: int) -> int:
        process = rows.long_process(steps=number + 100, done=number)
        seen = last_row(process)
        rows.walk(process, number + 1, number + 1)
        held = range(1, 99) if what == "step" else []
        news(process, seen, number, *held)
        found = revision(process.pk).process
        with CaptureQueriesContext(connection) as queries:
            step_news(found, last_row=seen, place=number, held=held)
        return len(queries)

    assert asked(1) == asked(3) == asked(1_000) <= 6
