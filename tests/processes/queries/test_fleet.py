"""What the engine does now: its workers, and what waits for them."""

from datetime import timedelta

import pytest
from pytest_django import DjangoAssertNumQueries

from processes.engine.values.status import ProcessStatus
from processes.models import EngineSettings, Process, Worker
from processes.queries import fleet, plan_of
from processes.queries.fleet import Backlog, EngineState, EngineStatus, WorkerState
from processes.store import clock
from processes.workers.liveness import register, sign_off
from tests.factories import processes as rows

pytestmark = pytest.mark.django_db


def test_backlog_counts_what_there_is_to_do(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    now = clock.now()
    rows.process(ProcessStatus.CREATED, ready_at=now - timedelta(seconds=90))
    rows.process(ProcessStatus.RESUMED, ready_at=now - timedelta(seconds=5))
    rows.process(ProcessStatus.WAITING, ready_at=now + timedelta(hours=1))
    rows.process(ProcessStatus.WAITING, ready_at=now - timedelta(hours=1), blocked_by_system="inventory")
    for status in (ProcessStatus.RUNNING, ProcessStatus.SUSPENDED, ProcessStatus.AWAITING_CALLBACK):
        rows.process(status)
    for status in (ProcessStatus.FAILED, ProcessStatus.API_UNAVAILABLE, ProcessStatus.COMPLETED):
        rows.process(status)

    with django_assert_num_queries(2):
        found = fleet.backlog()

    assert found == Backlog(
        ready=2,
        oldest_ready_seconds=found.oldest_ready_seconds,
        running=1,
        held=1,
        delayed=1,
        asking=1,
        awaiting=1,
        failed=2,
        oldest_ready_at=now - timedelta(seconds=90),
    )
    assert 90 <= found.oldest_ready_seconds < 120


def test_nothing_to_do() -> None:
    assert fleet.backlog() == Backlog(0, 0.0, 0, 0, 0, 0, 0, 0)


def test_workers_say_what_they_run(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    busy, idle, silent, gone = (register() for _ in range(4))
    Worker.objects.filter(pk=silent.pk).update(beat_at=clock.now() - timedelta(minutes=2))
    sign_off(gone.pk)
    process = rows.process(ProcessStatus.RUNNING, leased_by=busy.pk, position_path="confirm")
    plan_of(process)

    with django_assert_num_queries(3):
        found = fleet.workers()

    assert [(one.id, one.state, one.process, one.step_name) for one in found] == [
        (busy.pk, WorkerState.BUSY, process, "Confirm"),
        (idle.pk, WorkerState.IDLE, None, ""),
        (silent.pk, WorkerState.SILENT, None, ""),
    ]


def test_backlog_and_status_of_some_processes_count_these_alone() -> None:
    for _ in range(2):
        rows.process(ProcessStatus.RUNNING)
        rows.process(ProcessStatus.FAILED)
    EngineSettings.objects.create(pk=1, paused_at=clock.now(), paused_by="ada")

    none, one = Process.objects.none(), Process.objects.filter(pk=Process.objects.filter(status="running")[0].pk)

    assert fleet.backlog(none) == Backlog(0, 0.0, 0, 0, 0, 0, 0, 0)
    assert fleet.backlog(one) == Backlog(0, 0.0, 1, 0, 0, 0, 0, 0)
    assert fleet.engine_status(none) == EngineStatus(EngineState.PAUSING, 0, "ada")
    assert fleet.engine_status(one).running == 1
