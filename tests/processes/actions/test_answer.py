"""Answers to the form of a suspended process: taken once, or refused without a trace."""

from collections.abc import Callable

import pytest
from django.contrib.auth.models import User

from processes import actions, store
from processes.engine import (
    StepList,
    begin,
)
from processes.forms import FormIncomplete, FormInvalid
from processes.models import (
    Process,
)
from tests.processes import workflows
from tests.processes.actions.conftest import acts
from tests.processes.conftest import RunReady
from tests.processes.letters import A, B, C, Release, X, ask, go_on, suspended_after_a
from tests.processes.threads import together

pytestmark = pytest.mark.django_db(transaction=True)


def test_two_answers_at_the_same_time(operator: User, run_ready: RunReady) -> None:
    process = actions.start("ask_a_person", [], by=operator)
    run_ready()

    def answer(colour: str) -> Callable[[], Process]:
        return lambda: actions.answer(process.pk, [{"colour": colour}], by=operator)

    answers = together([answer("blue"), answer("red")])

    assert sorted(type(one).__name__ for one in answers) == ["Process", "Refused"]
    assert [verb for _, verb, _ in acts()] == ["start", "resume"]


def test_resume_of_a_failed_process_retries_it(operator: User, run_ready: RunReady) -> None:
    workflows.failures.append(ValueError("no"))
    process = actions.start("heal", [], by=operator)
    run_ready()

    actions.answer(process.pk, [], by=operator)
    run_ready()

    assert Process.objects.get().status == "completed"


@pytest.mark.parametrize(("pages", "error"), [([], FormIncomplete), ([{"colour": 7}], FormInvalid)])
def test_answer_that_does_not_hold_changes_nothing(
    operator: User, run_ready: RunReady, pages: list[dict[str, object]], error: type[Exception]
) -> None:
    process = actions.start("ask_a_person", [], by=operator)
    run_ready()

    with pytest.raises(error):
        actions.answer(process.pk, pages, by=operator)

    assert Process.objects.get().status == "suspended"


@pytest.mark.parametrize(
    "steps",
    [X >> A >> ask >> B, begin >> ask >> B, A >> B >> C, A >> X >> ask >> B, StepList()],
    ids=["inserted first", "removed first", "removed itself", "inserted before", "nothing left"],
)
def test_answer_at_a_changed_place_is_refused(
    release: Release, operator: User, run: Callable[[], None], steps: StepList
) -> None:
    process = suspended_after_a(release, operator, run)
    release(steps)

    with pytest.raises(actions.Refused, match="Definition changed: up to the step ask, letters has other steps"):
        go_on(process, operator, run)

    process.refresh_from_db()
    assert (process.status, process.position_path) == ("suspended", "ask")


def test_answer_goes_into_the_focus(operator: User, run_ready: RunReady) -> None:
    process = actions.start("ask_inside", [], by=operator)
    run_ready()

    actions.answer(process.pk, [{"colour": "blue"}], by=operator)
    run_ready()

    assert store.load(process.pk).state.as_dict()["inner"] == {"colour": "blue"}


def test_answering_twice_is_refused(operator: User, run_ready: RunReady) -> None:
    process = actions.start("ask_a_person", [], by=operator)
    run_ready()
    actions.answer(process.pk, [{"colour": "blue"}], by=operator)

    with pytest.raises(actions.Refused, match="resumed"):
        actions.answer(process.pk, [{"colour": "red"}], by=operator)


def test_answer_that_nobody_asked_for_is_refused_and_retries_nothing(failed: Process, operator: User) -> None:
    """fault 29: the question was answered to a process that had failed meanwhile."""
    with pytest.raises(actions.Refused, match=r"The process is failed and does not need input; the answers were not"):
        actions.answer(failed.pk, [{"colour": "blue"}], by=operator)

    failed.refresh_from_db()
    assert (failed.status, [verb for _, verb, _ in acts()]) == ("failed", ["start"])


@pytest.mark.parametrize("pages", [[], [{}], [{}, {}]])
def test_resume_without_answers_is_a_retry(
    failed: Process, operator: User, run_ready: RunReady, pages: list[dict[str, object]]
) -> None:
    actions.answer(failed.pk, pages, by=operator)
    run_ready()

    failed.refresh_from_db()
    assert failed.status == "completed"
