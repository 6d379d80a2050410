"""The revision of a process: one statement, and it differs when anything differs that the page shows."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from pytest_django import DjangoAssertNumQueries

from processes import store
from processes.engine.tree import Position
from processes.engine.values.status import ProcessStatus
from processes.models import EngineSettings, ExternalSystem, Process, WorkflowVersion
from processes.queries import revision
from processes.store import clock, leases
from tests.factories import processes as rows

pytestmark = pytest.mark.django_db


def columns(**values: Any) -> Callable[[Process], object]:
    return lambda process: Process.objects.filter(pk=process.pk).update(**values)


def _move(process: Process, *, to: WorkflowVersion) -> None:
    process.workflow_version = to
    process.save()


CHANGES: dict[str, Callable[[Process], object]] = {
    "a commit": columns(sequence=1, position_path="confirm", last_modified_at=clock.EngineNow()),
    "another try": columns(position_attempt=2),
    "progress": columns(progress={"percent": 40}),
    "note": columns(note="ask Ann"),
    "status": columns(status=ProcessStatus.RESUMED),
    "worker": columns(leased_by="worker-2", fence=1),
    "plan": lambda process: _move(process, to=rows.workflow_version(plan=rows.long_plan(2))),
    "pause": lambda _: EngineSettings.objects.create(pk=1, paused_at=rows.AT),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_what_the_page_shows_makes_another_revision(change: Callable[[Process], object]) -> None:
    process = rows.process(ProcessStatus.RUNNING)
    before = revision(process.pk)
    assert revision(process.pk) == before

    change(process)

    assert revision(process.pk) != before


def test_what_happens_elsewhere_does_not() -> None:
    process = rows.process(ProcessStatus.RUNNING)
    before = revision(process.pk)

    rows.process(ProcessStatus.FAILED)
    ExternalSystem.objects.create(name="inventory", cool_down_seconds=30)
    claim = store.Claim(process.pk, 0, "worker-1", "", 0, Position(""), 1, 0, 0, 0, False, "", rows.AT)
    leases.extend(claim)

    assert revision(process.pk) == before


def test_process_that_waits_for_a_system_depends_on_it() -> None:
    system = ExternalSystem.objects.create(name="inventory", max_concurrent=4, cool_down_seconds=30)
    process = rows.process(ProcessStatus.WAITING, blocked_by_system="inventory")
    before = revision(process.pk)

    ExternalSystem.objects.filter(pk=system.pk).update(stopped_at=rows.AT, stopped_by="ada")

    after = revision(process.pk)
    assert after != before
    assert after.system is not None
    assert after.system.words == "Calls were stopped by ada"


def test_revision_is_one_statement(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    process = rows.long_process(steps=100, done=60)

    with django_assert_num_queries(1):
        found = revision(process.pk)

    assert (found.row.sequence, found.row.position_path, found.is_ended, found.present_plan) == (
        60,
        "step-61",
        False,
        "",
    )
    with pytest.raises(Process.DoesNotExist):
        revision(uuid4())


def test_process_of_a_revision_is_the_row(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    process = rows.process(ProcessStatus.RUNNING, progress={"percent": 40}, attempt_started_at=rows.AT)
    row = Process.objects.select_related("workflow_version__workflow").get(pk=process.pk)

    with django_assert_num_queries(1):
        found = revision(process.pk).process
        loaded = {name: value for name, value in vars(found).items() if not name.startswith("_")}
        workflow = found.workflow_version.workflow

    assert loaded == {name: getattr(row, name) for name in loaded}
    assert {"progress", "status", "leased_by", "ready_at", "note"} <= loaded.keys()
    assert (found.workflow_version, workflow.description) == (row.workflow_version, "create_node for tests")
    assert (found.traceback, found.workflow_version.plan) == (None, rows.PLAN)
