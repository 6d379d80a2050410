"""What becomes of a step whose worker died or whose group failed, and of a start that is not welcome."""

import pytest
from django.contrib.auth.models import User

from processes import actions, store
from processes.engine import transitions
from processes.execution import recovery
from processes.models import Process
from processes.store import leases
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

    for number in range(transitions.CRASH_BUDGET + 1):
        assert store.claim(f"stopped worker {number}") is not None
        assert recovery.requeue_stopped([f"stopped worker {number}"]) == 1

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

    recovery.requeue_stopped(["stopped worker"])

    process.refresh_from_db()
    assert (process.status, process.error_class, process.crash_count) == ("failed", "OutcomeUnknown", 0)


def test_whole_group_runs_again(operator: User, run_ready: RunReady) -> None:
    workflows.failures.append(ValueError("no"))
    process = actions.start("heal_as_a_whole", [], by=operator)
    run_ready()

    actions.retry(process.pk, by=operator)
    run_ready()

    process.refresh_from_db()
    assert process.status == "completed"
    assert told(process) == [
        ("both/count", "success", 1),
        ("both/fail-while-told-to", "failed", 1),
        ("both/count", "success", 1),
        ("both/fail-while-told-to", "success", 1),
        ("count-again", "success", 1),
    ]
    assert workflows.calls == [
        f"{process.pk}/both/count/1",
        f"{process.pk}/both/fail-while-told-to/1",
        f"{process.pk}/both/count/2",
        f"{process.pk}/both/fail-while-told-to/2",
    ]


def test_answer_goes_into_the_focus(operator: User, run_ready: RunReady) -> None:
    process = actions.start("ask_inside", [], by=operator)
    run_ready()

    actions.answer(process.pk, [{"colour": "blue"}], by=operator)
    run_ready()

    assert store.load(process.pk).state.as_dict()["inner"] == {"colour": "blue"}


def test_unwelcome_start_leaves_nothing(operator: User, run_ready: RunReady) -> None:
    actions.start("alone", [], by=operator)

    with pytest.raises(actions.PredicateRefused, match="alone is already running"):
        actions.start("alone", [], by=operator)

    assert Process.objects.count() == 1
    run_ready()
    actions.start("alone", [], by=operator)
