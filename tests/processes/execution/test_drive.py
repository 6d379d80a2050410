"""What the runtime makes of claims and steps, on the real tables."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import User

from processes import actions, store
from processes.engine import transitions
from processes.execution import drive, recovery
from processes.models import EngineSettings, Process, ResourceLock
from processes.plugins import registry
from processes.store import clock, leases
from tests.processes import workflows
from tests.processes.conftest import RunReady, told

pytestmark = pytest.mark.django_db(transaction=True)


def state_of(process: Process) -> dict[str, object]:
    state = store.load_state(process.pk).as_dict()
    given = {"process_id", "reporter", "workflow_name", "workflow_target"}
    return {key: value for key, value in state.items() if key not in given}


def test_process_runs_to_its_end(operator: User, run_ready: RunReady) -> None:
    process = actions.start("count_to_two", [], by=operator)

    run_ready()

    process.refresh_from_db()
    assert (process.status, process.run_state, process.last_step) == ("completed", "ended", "Count again")
    assert told(process) == [("count", "success", 1), ("only-when-asked", "skipped", 1), ("count-again", "success", 1)]
    assert state_of(process) == {"count": 2}
    assert workflows.calls == [f"{process.pk}/count/1"]


def test_workflow_without_steps_completes(operator: User, run_ready: RunReady) -> None:
    process = actions.start("do_nothing", [], by=operator)

    run_ready()

    process.refresh_from_db()
    assert (process.status, told(process)) == ("completed", [])


def test_input_step_suspends_and_goes_on_with_the_answer(operator: User, run_ready: RunReady) -> None:
    process = actions.start("ask_a_person", [], by=operator)
    run_ready()
    process.refresh_from_db()
    assert (process.status, process.assignee) == ("suspended", "NOC")

    actions.answer(process.pk, [{"colour": "blue"}], by=operator)
    run_ready()

    process.refresh_from_db()
    assert process.status == "completed"
    assert state_of(process) == {"count": 2, "colour": "blue"}
    assert told(process)[1] == ("ask-for-a-colour", "success", 1)


def test_input_as_last_step_completes(operator: User, run_ready: RunReady) -> None:
    process = actions.start("ask_at_the_end", [], by=operator)
    run_ready()

    actions.answer(process.pk, [{"colour": "blue"}], by=operator)
    run_ready()

    process.refresh_from_db()
    assert (process.status, process.sequence) == ("completed", 2)


def test_answering_twice_is_refused(operator: User, run_ready: RunReady) -> None:
    process = actions.start("ask_a_person", [], by=operator)
    run_ready()
    actions.answer(process.pk, [{"colour": "blue"}], by=operator)

    with pytest.raises(actions.Refused, match="resumed"):
        actions.answer(process.pk, [{"colour": "red"}], by=operator)


def test_failed_step_keeps_its_error_and_is_retried(operator: User, run_ready: RunReady) -> None:
    workflows.failures.append(ValueError("the wrong colour"))
    process = actions.start("heal", [], by=operator)
    run_ready()
    process.refresh_from_db()
    assert (process.status, process.failed_reason, process.error_class) == ("failed", "the wrong colour", "ValueError")
    assert "raise failures.pop(0)" in (process.traceback or "")

    actions.retry(process.pk, by=operator)
    run_ready()

    process.refresh_from_db()
    assert (process.status, process.failed_reason, process.traceback) == ("completed", None, None)
    assert told(process)[1:3] == [("fail-while-told-to", "failed", 1), ("fail-while-told-to", "success", 2)]
    assert len(set(workflows.calls)) == 2


def test_retry_policy_waits_and_then_fails(operator: User, run_ready: RunReady) -> None:
    workflows.failures.extend([ConnectionError("down"), ConnectionError("still down")])
    process = actions.start("heal", [], by=operator)
    run_ready()
    process.refresh_from_db()
    assert (process.status, process.run_state) == ("waiting", "ready")
    assert 29 < (process.ready_at - process.last_modified_at).total_seconds() <= 30

    with clock.shift(timedelta(seconds=31)):
        run_ready()

    process.refresh_from_db()
    assert (process.status, process.failed_reason) == ("failed", "still down")
    assert told(process)[1:] == [("fail-while-told-to", "waiting", 1), ("fail-while-told-to", "failed", 2)]


def test_retry_by_hand_gives_a_new_budget(operator: User, run_ready: RunReady) -> None:
    workflows.failures.extend([ValueError("one"), ConnectionError("two")])
    process = actions.start("heal", [], by=operator)
    run_ready()

    actions.retry(process.pk, by=operator)
    run_ready()

    process.refresh_from_db()
    assert process.status == "waiting"


def test_write_of_a_step_is_refused_by_name(operator: User, run_ready: RunReady) -> None:
    process = actions.start("sneak", [], by=operator)

    run_ready()

    process.refresh_from_db()
    assert (process.status, process.error_class) == ("failed", "ForeignWrite")
    assert not EngineSettings.objects.exists()


def test_atomic_step_writes_with_its_commit_or_not_at_all(operator: User, run_ready: RunReady) -> None:
    workflows.failures.append(ValueError("after the write"))
    process = actions.start("write_inside", [], by=operator)
    run_ready()
    process.refresh_from_db()
    assert (process.status, EngineSettings.objects.count()) == ("failed", 0)

    actions.retry(process.pk, by=operator)
    run_ready()

    process.refresh_from_db()
    assert (process.status, EngineSettings.objects.get().paused_by) == ("completed", "the step")


def test_nonsense_fails_at_once_and_clearly(operator: User, run_ready: RunReady) -> None:
    process = actions.start("talk_nonsense", [], by=operator)

    run_ready()

    process.refresh_from_db()
    assert (process.status, process.error_class) == ("failed", "ResultError")
    assert process.failed_reason == '"nonsense" contains NaN or infinity, which are not JSON.'


def test_abort_ends_and_fences_the_worker(operator: User, run_ready: RunReady) -> None:
    process = actions.start("count_to_two", [], by=operator)
    claim = store.claim("slow worker")
    assert claim is not None

    actions.abort(process.pk, by=operator, reason="wrong site")
    drive.run_claimed(claim)

    process.refresh_from_db()
    assert (process.status, process.run_state) == ("aborted", "ended")
    assert told(process) == [("", "abort", 1)]
    with pytest.raises(actions.Refused):
        actions.abort(process.pk, by=operator)


def test_slow_worker_is_fenced_after_a_rescue(operator: User, run_ready: RunReady) -> None:
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


def test_rescued_process_keeps_its_place(operator: User, run_ready: RunReady) -> None:
    process = actions.start("count_to_two", [], by=operator)
    ready_at = Process.objects.get(pk=process.pk).ready_at
    assert store.claim("dead worker") is not None

    assert recovery.recover_from(["dead worker"]) == 1

    process.refresh_from_db()
    assert (process.run_state, process.ready_at, process.crash_count) == ("ready", ready_at, 1)


def test_step_that_kills_three_workers_is_stopped(operator: User, run_ready: RunReady) -> None:
    process = actions.start("count_to_two", [], by=operator)

    for number in range(transitions.CRASH_BUDGET):
        assert store.claim(f"worker {number}") is not None
        recovery.recover_from([f"worker {number}"])

    process.refresh_from_db()
    assert (process.status, process.error_class) == ("failed", "WorkerCrashed")
    assert told(process) == [("count", "crashed", 1), ("count", "crashed", 2), ("count", "crashed", 3)]


def test_pause_stops_claims(operator: User, run_ready: RunReady) -> None:
    actions.start("count_to_two", [], by=operator)
    EngineSettings.objects.create(paused_at=clock.now())

    assert run_ready() == 0


def test_handing_back_consumes_no_attempt(operator: User, run_ready: RunReady) -> None:
    process = actions.start("count_to_two", [], by=operator)
    claim = store.claim("worker")
    assert claim is not None

    leases.release(claim, transitions.released(claim.standing))
    run_ready()

    assert told(process)[0] == ("count", "success", 1)


def test_turn_ends_when_the_worker_stops(operator: User, run_ready: RunReady) -> None:
    process = actions.start("count_to_two", [], by=operator)
    claim = store.claim("worker")
    assert claim is not None

    drive.run_claimed(claim, lambda: True)

    process.refresh_from_db()
    assert (process.run_state, process.position_path, process.position_attempt) == ("ready", "only-when-asked", 0)
    run_ready()
    assert told(process)[1:] == [("only-when-asked", "skipped", 1), ("count-again", "success", 1)]


def test_start_with_a_one_time_id_acts_once(operator: User, registered: None) -> None:
    first = actions.start("count_to_two", [], by=operator, idempotency_key="form-1")
    second = actions.start("count_to_two", [], by=operator, idempotency_key="form-1")

    assert (first.pk, Process.objects.count()) == (second.pk, 1)


def test_one_time_id_of_another_request_is_refused(operator: User, registered: None) -> None:
    actions.start("count_to_two", [], by=operator, idempotency_key="form-1")

    with pytest.raises(actions.Refused, match="already used"):
        actions.start("count_to_two", [{}], by=operator, idempotency_key="form-1")


def test_unknown_workflow_is_named(operator: User, registered: None) -> None:
    with pytest.raises(registry.UnknownWorkflow, match="create_moon"):
        actions.start("create_moon", [], by=operator)


def test_failure_lets_go_of_locks_and_retry_takes_them_again(operator: User, run_ready: RunReady) -> None:
    workflows.failures.append(ValueError("no"))
    process = actions.start("heal", [], by=operator)
    Process.objects.filter(pk=process.pk).update(lock_keys=["thing:1"])
    ResourceLock.objects.create(resource="thing:1", process=process, acquired_at=clock.now())
    run_ready()
    assert not ResourceLock.objects.exists()
    other = actions.start("do_nothing", [], by=operator)
    ResourceLock.objects.create(resource="thing:1", process=other, acquired_at=clock.now())

    with pytest.raises(actions.LockHeld, match="thing:1 is locked by do_nothing"):
        actions.retry(process.pk, by=operator)

    ResourceLock.objects.all().delete()
    actions.retry(process.pk, by=operator)
    assert ResourceLock.objects.get().process_id == process.pk
