"""The timeline of a process: its steps, and what people changed between them."""

import pytest

from processes import queries
from processes.engine.values.status import ProcessStatus, StepKind, StepStatus
from processes.models import Process
from tests.factories import processes as rows

pytestmark = pytest.mark.django_db


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
