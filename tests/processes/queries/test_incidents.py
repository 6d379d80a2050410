"""Incidents: which attempts they are, newest first."""

import pytest
from pytest_django import DjangoAssertNumQueries

from processes.engine.values.status import ProcessStatus, StepStatus
from processes.queries.incidents import IncidentKind, latest
from tests.factories import processes as rows

pytestmark = pytest.mark.django_db

ERRORS = {
    "ValueError": None,
    "StepTimedOut": IncidentKind.TIMED_OUT,
    "DefinitionChanged": IncidentKind.DEFINITION_CHANGED,
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
        (IncidentKind.DEFINITION_CHANGED, 4, "told by DefinitionChanged", "create_node"),
        (IncidentKind.TIMED_OUT, 3, "told by StepTimedOut", "create_node"),
        (IncidentKind.CRASHED, 1, "", "create_node"),
    ]
    assert [one.attempt for one in latest(1)] == [4]


def test_crash_whose_outcome_is_asked_for_says_so() -> None:
    asking = rows.process(ProcessStatus.FAILED, error_class="OutcomeUnknown", position_attempt=2)
    rows.step(asking, "create", StepStatus.CRASHED, attempt=1)
    rows.step(asking, "create", StepStatus.CRASHED, attempt=2)

    assert [(one.kind, one.attempt) for one in latest()] == [
        (IncidentKind.OUTCOME_UNKNOWN, 2),
        (IncidentKind.CRASHED, 1),
    ]
