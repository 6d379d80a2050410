"""Incidents: which tries they are, newest first, and what a timeline makes of them and of what people changed."""

import pytest
from pytest_django import DjangoAssertNumQueries

from processes import queries
from processes.engine.status import ProcessStatus, StepKind, StepStatus
from processes.models import Process
from processes.queries.incidents import Kind, latest
from tests.factories import processes as rows

pytestmark = pytest.mark.django_db

ERRORS = {
    "ValueError": None,
    "StepTimedOut": Kind.TIMED_OUT,
    "DefinitionChanged": Kind.DEFINITION_CHANGED,
}


def test_incidents_are_what_no_step_did_by_itself(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    process = rows.process(ProcessStatus.FAILED)
    rows.step(process, "create", StepStatus.CRASHED, attempt=1, worker="w-1")
    for attempt, name in enumerate(ERRORS, start=2):
        error = {"class": name, "message": f"told by {name}", "traceback": ""}
        rows.step(process, "create", StepStatus.FAILED, attempt=attempt, error=error)
    rows.step(process, "confirm")

    with django_assert_num_queries(1):
        found = [(one.kind, one.attempt, one.message, one.process.workflow_version.workflow.name) for one in latest()]

    assert found == [
        (Kind.DEFINITION_CHANGED, 4, "told by DefinitionChanged", "create_node"),
        (Kind.TIMED_OUT, 3, "told by StepTimedOut", "create_node"),
        (Kind.CRASHED, 1, "", "create_node"),
    ]
    assert [one.attempt for one in latest(1)] == [4]


def test_crash_whose_outcome_is_asked_for_says_so() -> None:
    asking = rows.process(ProcessStatus.FAILED, error_class="OutcomeUnknown", position_attempt=2)
    rows.step(asking, "create", StepStatus.CRASHED, attempt=1)
    rows.step(asking, "create", StepStatus.CRASHED, attempt=2)

    assert [(one.kind, one.attempt) for one in latest()] == [(Kind.OUTCOME_UNKNOWN, 2), (Kind.CRASHED, 1)]


def test_timeline_shows_edits_where_they_were_made_with_their_reason() -> None:
    process = rows.process(ProcessStatus.FAILED, position_path="finish", sequence=4)
    rows.step(process, "create", sequence=1)
    rows.step(process, "~edit", sequence=2, kind=StepKind.EDIT, name="State edited", reason="first", created_by="ada")
    rows.step(process, "~edit", sequence=3, kind=StepKind.EDIT, name="State edited", reason="second", visit=2)
    rows.step(process, "confirm", StepStatus.SKIPPED, sequence=4, reason="by phone")
    rows.step(process, "finish", StepStatus.FAILED)

    found = queries.timeline(Process.objects.select_related("workflow_version").get())

    assert [(one.name, one.latest.reason) for one in found] == [
        ("Create", ""),
        ("State edited", "first"),
        ("State edited", "second"),
        ("Confirm", "by phone"),
        ("Finish", ""),
    ]


def test_edit_before_any_step_comes_first() -> None:
    process = rows.process(ProcessStatus.FAILED, sequence=1)
    rows.step(process, "~edit", sequence=1, kind=StepKind.EDIT, name="State edited")

    found = queries.timeline(Process.objects.select_related("workflow_version").get())

    assert [one.name for one in found] == ["State edited", "Create", "Confirm", "Finish"]


def test_timeline_shows_the_try_of_another_visit() -> None:
    process = rows.process(ProcessStatus.RUNNING, position_visit=2, position_attempt=1)
    rows.step(process, "create", sequence=1)

    found = queries.timeline(Process.objects.select_related("workflow_version").get())

    assert [one.status.value for one in (*found[0].earlier, found[0].latest)] == ["success", "running"]
    assert found[0].incidents == ()
