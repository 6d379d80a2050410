"""The task that shows every widget and every way a step can go."""

from collections.abc import Mapping
from typing import Any

import pytest

from orchestrator_site.demo.workflows.showcase import WidgetsPage, deliberate_failure, showcase, showcase_form
from processes.engine import ProcessStatus, StepStatus, run_in_memory
from processes.forms import FormIncomplete, FormInvalid, walk
from processes.forms.fields import Kind
from processes.forms.reading import inputs

FIRST = {"text": "hello", "rules": "ACCEPTED"}
CONFIRM = {"go_on": True}


def answered(**first: Any) -> dict[str, Any]:
    """What the form gives for these answers to its first page."""
    return walk(showcase_form, {}, [{**FIRST, **first}, CONFIRM])


def page_of(pages: list[Mapping[str, Any]]) -> Mapping[str, Any]:
    """The schema of the page that is due."""
    with pytest.raises(FormIncomplete) as due:
        walk(showcase_form, {}, pages)
    return due.value.page.schema


def test_every_widget_is_shown() -> None:
    kinds = {each.kind for page in (page_of([]), page_of([FIRST])) for each in inputs(page)}

    assert kinds == set(Kind) - {Kind.JSON}


def test_the_second_page_lists_what_was_answered() -> None:
    schema = page_of([{**FIRST, "whole_number": 7}])

    (summary,) = (each.data for each in inputs(schema) if each.kind is Kind.SUMMARY)
    answers = dict(zip(summary["labels"], summary["columns"][0], strict=True))
    assert (answers["text"], answers["whole_number"], answers["letter"]) == ("hello", "7", "alpha")


@pytest.mark.parametrize(
    ("answer", "loc"),
    [
        ({"text": "This is reserved"}, ["text"]),
        ({"text": ""}, ["text"]),
        ({"bounded_number": 11}, ["bounded_number"]),
        ({"letter": "delta"}, ["letter"]),
        ({"some_numbers": []}, ["some_numbers"]),
        ({"some_numbers": ["one", "one"]}, ["some_numbers"]),
        ({"rules": "INCOMPLETE"}, ["rules"]),
        ({"colour": "red"}, ["colour"]),
    ],
)
def test_wrong_answers_are_named(answer: dict[str, Any], loc: list[str]) -> None:
    with pytest.raises(FormInvalid) as invalid:
        answered(**answer)

    assert [error["loc"] for error in invalid.value.errors] == [loc]


def test_the_last_page_must_be_confirmed() -> None:
    with pytest.raises(FormInvalid) as invalid:
        walk(showcase_form, {}, [FIRST, {"go_on": False}])

    assert (invalid.value.page.index, invalid.value.errors[0]["loc"]) == (1, ["go_on"])


def test_the_happy_path_completes() -> None:
    run = run_in_memory(showcase, state=answered())

    assert run.status is ProcessStatus.COMPLETED
    assert [(one.name, one.status) for one in run.steps] == [
        ("Record input", StepStatus.SUCCESS),
        ("Conditional step", StepStatus.SUCCESS),
        ("Suspended step", StepStatus.SKIPPED),
        ("Deliberate failure", StepStatus.SUCCESS),
    ]


def test_an_unticked_step_is_skipped() -> None:
    run = run_in_memory(showcase, state=answered(run_conditional_step=False))

    assert [one.status for one in run.steps if one.name == "Conditional step"] == [StepStatus.SKIPPED]
    assert "conditional_step_ran" not in run.state


def test_the_suspended_step_waits_for_a_person() -> None:
    state = answered(show_suspended_step=True)

    waiting = run_in_memory(showcase, state=state)
    went_on = run_in_memory(showcase, state=state, inputs=[{"remark": {"remark": "fine"}}])

    assert (waiting.status, waiting.steps[-1].status) == (ProcessStatus.SUSPENDED, StepStatus.SUSPEND)
    assert (went_on.status, went_on.state["remark"]) == (ProcessStatus.COMPLETED, {"remark": "fine"})


def test_the_deliberate_failure_says_what_to_do() -> None:
    run = run_in_memory(showcase, state=answered(fail_on_purpose=True))

    assert run.status is ProcessStatus.FAILED
    assert run.error is not None
    assert (run.error.class_name, run.error.message) == (
        "FailedOnPurpose",
        "Failed on purpose, as the form asked; press retry and it succeeds.",
    )
    assert deliberate_failure.retry.tries == 1
    assert WidgetsPage.model_fields["fail_on_purpose"].default is False
