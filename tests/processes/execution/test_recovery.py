"""What becomes of a step whose worker died, was slow or lost the database."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import OperationalError, connection

from processes import actions, store
from processes.engine import transitions
from processes.engine.losses import CRASH_BUDGET, OUTAGE_BUDGET
from processes.execution import drive, recovery
from processes.models import EngineSettings, Process, ResourceLock, Step
from processes.store import clock, leases
from tests.processes import workflows
from tests.processes.conftest import RunReady, told

pytestmark = pytest.mark.django_db(transaction=True)


def test_step_that_must_not_repeat_stops_for_a_person(operator: User, run_ready: RunReady) -> None:
    process = actions.start("touch_at_most_once", [], by=operator)
    assert store.claim("dead worker") is not None

    recovery.recover_from(["dead worker"])
    run_ready()

    process.refresh_from_db()
    assert (process.status, process.error_class, workflows.calls) == ("failed", "OutcomeUnknown", [])


def test_person_may_have_it_run_all_the_same(operator: User, run_ready: RunReady) -> None:
    process = actions.start("touch_at_most_once", [], by=operator)
    assert store.claim("dead worker") is not None
    recovery.recover_from(["dead worker"])

    actions.retry(process.pk, by=operator)
    run_ready()

    process.refresh_from_db()
    assert (process.status, workflows.calls) == ("completed", [f"{process.pk}/touch-the-outside-once/1"])


def test_workers_that_were_stopped_are_no_crashes(operator: User, run_ready: RunReady) -> None:
    process = actions.start("count_to_two", [], by=operator)

    for number in range(CRASH_BUDGET + 1):
        assert store.claim(f"stopped worker {number}") is not None
        assert recovery.recover_interrupted([f"stopped worker {number}"]) == 1

    process.refresh_from_db()
    assert (process.run_state, process.crash_count, process.steps.filter(status="crashed").count()) == ("ready", 0, 4)
    claim = store.claim("worker")
    assert claim is not None
    assert (claim.attempt, claim.standing.tries_before) == (5, 0)
    leases.release(claim, transitions.released(claim.standing))
    run_ready()
    assert Process.objects.get().status == "completed"


def test_step_that_must_not_repeat_stops_for_a_person_also_when_its_worker_was_stopped(
    operator: User, registered: None
) -> None:
    process = actions.start("touch_at_most_once", [], by=operator)
    assert store.claim("stopped worker") is not None

    recovery.recover_interrupted(["stopped worker"])

    process.refresh_from_db()
    assert (process.status, process.error_class, process.crash_count) == ("failed", "OutcomeUnknown", 0)


@pytest.mark.usefixtures("without_pause")
def test_binding_that_cannot_be_told_of_a_crash_does_not_stop_the_recovery(operator: User, fails: set[str]) -> None:
    fails.add("end")
    process = actions.start("touch", [], by=operator)

    for number in range(CRASH_BUDGET):
        assert store.claim(f"worker {number}") is not None
        assert recovery.recover_from([f"worker {number}"]) == 1

    process.refresh_from_db()
    assert (process.status, process.error_class) == ("failed", "WorkerCrashed")
    assert (ResourceLock.objects.count(), EngineSettings.objects.count()) == (0, 0)


def test_process_that_cannot_be_recovered_keeps_nobody_else_from_it(operator: User, fails: set[str]) -> None:
    broken = actions.start("touch", [], by=operator)
    store.claim("dead worker")
    Step.objects.create(
        process=broken, path="look", attempt=1, name="In the way", status="failed", started_at=clock.now()
    )
    other = actions.start("count_to_two", [], by=operator)
    store.claim("dead worker")

    assert recovery.recover_from(["dead worker"]) == 1

    other.refresh_from_db()
    assert other.run_state == "ready"
    broken.delete()


def cut_off(at: str) -> Callable[..., Any]:
    """A database that is lost at statements with these words."""

    def execute(run: Callable[..., Any], sql: str, *rest: Any) -> Any:
        if at in sql:
            raise OperationalError("server closed the connection unexpectedly")
        return run(sql, *rest)

    return execute


@pytest.mark.usefixtures("without_pause")
@pytest.mark.parametrize("at", ["INSERT INTO processes_step", "processes_statesnapshot"])
def test_lost_database_fails_no_step_and_the_process_is_taken_back(
    operator: User, run_ready: RunReady, at: str
) -> None:
    process = actions.start("count_to_two", [], by=operator)
    claim = store.claim("worker")
    assert claim is not None

    with pytest.raises(OperationalError), connection.execute_wrapper(cut_off(at)):
        drive.run_claimed(claim)

    process.refresh_from_db()
    assert (process.run_state, told(process)) == ("running", [])
    with clock.shift(timedelta(seconds=store.LEASE_SECONDS + 1)):
        assert recovery.recover_expired() == 1
        run_ready()
    process.refresh_from_db()
    assert process.status == "completed"


@pytest.mark.usefixtures("without_pause")
def test_slow_worker_is_fenced_after_a_recovery(operator: User, run_ready: RunReady) -> None:
    process = actions.start("count_to_two", [], by=operator)
    claim = store.claim("slow worker")
    assert claim is not None
    with clock.shift(timedelta(seconds=store.LEASE_SECONDS + 1)):
        assert recovery.recover_expired() == 1
        run_ready()

    drive.run_claimed(claim)

    process.refresh_from_db()
    assert process.status == "completed"
    assert told(process)[:2] == [("count", "crashed", 1), ("count", "success", 2)]
    assert set(workflows.calls) == {f"{process.pk}/count/1"}


def test_recovered_process_keeps_its_place(operator: User, run_ready: RunReady) -> None:
    process = actions.start("count_to_two", [], by=operator)
    ready_at = Process.objects.get(pk=process.pk).ready_at
    assert store.claim("dead worker") is not None

    assert recovery.recover_from(["dead worker"]) == 1

    process.refresh_from_db()
    assert (process.run_state, process.ready_at, process.crash_count) == ("ready", ready_at, 1)


@pytest.mark.usefixtures("without_pause")
def test_step_that_kills_three_workers_is_stopped(operator: User, run_ready: RunReady) -> None:
    process = actions.start("count_to_two", [], by=operator)

    for number in range(CRASH_BUDGET):
        assert store.claim(f"worker {number}") is not None
        recovery.recover_from([f"worker {number}"])

    process.refresh_from_db()
    assert (process.status, process.error_class) == ("failed", "WorkerCrashed")
    assert told(process) == [("count", "crashed", 1), ("count", "crashed", 2), ("count", "crashed", 3)]


def test_step_is_left_alone_for_a_moment_and_keeps_its_place(operator: User, run_ready: RunReady) -> None:
    first = actions.start("count_to_two", [], by=operator)
    second = actions.start("count_to_two", [], by=operator)
    assert store.claim("dead worker") is not None
    recovery.recover_from(["dead worker"])

    claim = store.claim("worker")
    assert claim is not None
    assert claim.process_id == second.pk
    leases.release(claim, transitions.released(claim.standing))
    assert 0 < (store.next_moment() or 0) <= transitions.PAUSE_AFTER_CRASH
    with clock.shift(timedelta(seconds=transitions.PAUSE_AFTER_CRASH)):
        again = store.claim("worker")
        assert again is not None
        assert again.process_id == first.pk
        leases.release(again, transitions.released(again.standing))
        run_ready()
    assert {process.status for process in Process.objects.all()} == {"completed"}


@pytest.mark.usefixtures("without_pause")
def test_outages_do_not_use_up_the_crash_budget(operator: User, run_ready: RunReady) -> None:
    """Of 360 processes under 80 random kills one failed as WorkerCrashed."""
    process = actions.start("count_to_two", [], by=operator)

    for number in range(CRASH_BUDGET + 1):
        assert store.claim(f"worker {number}") is not None
        assert recovery.recover_from_outage([f"worker {number}"]) == 1
    run_ready()

    process.refresh_from_db()
    assert (process.status, process.crash_count) == ("completed", 0)
    assert [row.error["class"] for row in process.steps.filter(status="crashed") if row.error] == ["WorkerLost"] * 4


@pytest.mark.usefixtures("without_pause")
def test_step_that_takes_its_host_along_again_and_again_stops_for_a_person(operator: User, run_ready: RunReady) -> None:
    process = actions.start("count_to_two", [], by=operator)
    for number in range(OUTAGE_BUDGET):
        assert store.claim(f"worker {number}") is not None
        recovery.recover_from_outage([f"worker {number}"])

    process.refresh_from_db()
    assert (process.status, process.error_class) == ("failed", "WorkerLost")
    actions.retry(process.pk, by=operator)
    assert store.claim("one more") is not None
    recovery.recover_from_outage(["one more"])
    run_ready()

    process.refresh_from_db()
    assert process.status == "completed"


def test_workers_that_fall_silent_together_are_no_fault_of_their_steps(operator: User, registered: None) -> None:
    for number in range(2):
        actions.start("count_to_two", [], by=operator)
        assert store.claim(f"worker {number}") is not None

    with clock.shift(timedelta(seconds=store.LEASE_SECONDS + 1)):
        assert recovery.recover_expired() == 2

    assert set(Process.objects.values_list("run_state", "crash_count")) == {("ready", 0)}
