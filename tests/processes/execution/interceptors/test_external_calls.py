"""Limits of external systems: never too many calls, none while the circuit breaker is open, no place in line lost."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings

from processes import actions, store
from processes.engine import transitions
from processes.engine.outcome import Success
from processes.execution import drive, recovery
from processes.execution.interceptors import external_calls
from processes.models import ExternalSystem, Process, SystemSlot
from processes.plugins import registry
from processes.queries.invariants import violations
from processes.store import Claim, clock, leases
from processes.store.clock import EngineNow
from tests.processes import external_workflows as workflows
from tests.processes.threads import together

pytestmark = pytest.mark.django_db(transaction=True)
System = Callable[..., ExternalSystem]
Start = Callable[..., Process]


@pytest.fixture
def registered(transactional_db: None, settings: Settings) -> Iterator[None]:
    settings.WORKFLOW_MODULES = ["tests.processes.external_workflows"]
    registry.reload()
    workflows.calls.clear()
    workflows.troubles.clear()
    yield
    assert [str(one) for one in violations()] == []
    registry.reload()


@pytest.fixture
def start(operator: User, registered: None) -> Start:
    def make(name: str = "call_once", **columns: Any) -> Process:
        process = actions.start(name, [], by=operator)
        Process.objects.filter(pk=process.pk).update(**columns)
        return process

    return make


@pytest.fixture
def system(registered: None) -> System:
    """Change the inventory's row."""

    def change(**columns: Any) -> ExternalSystem:
        ExternalSystem.objects.update_or_create(
            name="inventory",
            defaults={"max_concurrent": 2, "failure_threshold": 3, "cool_down_seconds": 30.0, **columns},
        )
        return ExternalSystem.objects.get(name="inventory")

    return change


def claimed(owner: str = "worker-1") -> Claim:
    claim = store.claim(owner)
    assert claim is not None
    return claim


def taken() -> Claim:
    """A process in the middle of its call."""
    claim = claimed()
    assert external_calls.acquire(claim, "inventory") is not None
    return claim


def run_ready() -> int:
    claims = 0
    while (claim := store.claim("worker-1")) is not None:
        drive.run_claimed(claim)
        claims += 1
    return claims


def stands(process: Process) -> tuple[str, str, str, int]:
    process.refresh_from_db()
    return process.run_state, process.status, process.blocked_by_system, process.position_attempt


# How many at once


def test_no_more_calls_than_the_system_bears(start: Start, system: System) -> None:
    system(max_concurrent=2)
    for _ in range(3):
        start()
    taken(), taken()

    assert external_calls.acquire(claimed(), "inventory") is None
    assert SystemSlot.objects.busy().count() == 2


def test_any_number_of_calls_without_a_limit(start: Start, system: System) -> None:
    system(max_concurrent=None)
    for _ in range(12):
        start()

    for _ in range(12):
        taken()

    assert SystemSlot.objects.busy().count() == 12


def test_process_without_room_waits_and_loses_neither_try_nor_place(start: Start, system: System) -> None:
    system(max_concurrent=1)
    start(ready_at=EngineNow(-9))
    holder = taken()
    process = start(ready_at=EngineNow(-5))
    process.refresh_from_db()
    ready_at = process.ready_at

    drive.run_claimed(claimed())

    assert stands(process) == ("ready", "waiting", "inventory", 0)
    assert (process.ready_at, process.leased_by, process.steps.count(), workflows.calls) == (ready_at, "", 0, [])
    assert store.claim("worker-1") is None, "it is passed by while the system is full"
    leases.release(holder, transitions.released(holder.standing))
    assert run_ready() == 2
    assert stands(process) == ("ended", "completed", "", 0)
    assert list(process.steps.values_list("status", "attempt")) == [("success", 1)]


def test_process_waits_in_the_middle_of_its_turn_too(start: Start, system: System) -> None:
    system(max_concurrent=1)
    start()
    holder = taken()
    process = start("call_twice")

    drive.run_claimed(claimed())

    assert stands(process) == ("ready", "waiting", "inventory", 0)
    assert list(process.steps.values_list("path", "status")) == [("compute", "success")]
    leases.release(holder, transitions.released(holder.standing))
    run_ready()
    assert stands(process)[1] == "completed"


def test_those_that_wait_hold_up_nobody_else(start: Start, system: System) -> None:
    system(max_concurrent=2)
    for _ in range(30):
        start(ready_at=EngineNow(-60))
    taken(), taken()
    claims = run_ready()
    assert claims == 28, "each has come by once"
    other = start("only_compute")

    assert run_ready() == 1, "and is passed by from then on"

    assert stands(other)[1] == "completed"


def test_step_that_is_skipped_needs_no_room(start: Start, system: System) -> None:
    system(stopped_at=EngineNow())
    process = start("call_never")

    run_ready()

    assert stands(process)[1] == "completed"


def release_by_commit(claim: Claim, operator: User) -> None:
    Process.objects.filter(pk=claim.process_id).update(position_path="other")


def release_by_the_worker(claim: Claim, operator: User) -> None:
    leases.release(claim, transitions.released(claim.standing))


def release_by_recovery(claim: Claim, operator: User) -> None:
    assert recovery.recover_from([claim.worker]) == 1


def release_by_abort(claim: Claim, operator: User) -> None:
    actions.abort(claim.process_id, by=operator)


def release_by_deletion(claim: Claim, operator: User) -> None:
    Process.objects.filter(pk=claim.process_id).delete()


@pytest.mark.parametrize(
    "release",
    [release_by_commit, release_by_the_worker, release_by_recovery, release_by_abort, release_by_deletion],
)
def test_slot_is_free_once_its_process_has_gone_on(
    release: Callable[[Claim, User], None], start: Start, system: System, operator: User
) -> None:
    system(max_concurrent=1)
    start()
    release(taken(), operator)
    Process.objects.all().delete()
    start()

    assert external_calls.acquire(claimed(), "inventory") is not None


@pytest.mark.usefixtures("without_pause")
def test_same_process_under_another_fence_takes_another_slot(start: Start, system: System) -> None:
    system(max_concurrent=1)
    process = start()
    taken()
    recovery.recover_from(["worker-1"])

    assert taken().process_id == process.pk
    assert SystemSlot.objects.busy().count() == 1


def test_limit_holds_while_many_take_at_once(start: Start, system: System) -> None:
    system(max_concurrent=3)
    claims = []
    for _ in range(10):
        start()
        claims.append(claimed())

    for _ in range(15):
        answers = together([lambda one=one: external_calls.acquire(one, "inventory") for one in claims])  # type: ignore[misc]
        assert [one for one in answers if isinstance(one, Exception)] == []
        assert sum(one is not None for one in answers) == SystemSlot.objects.busy().count() == 3
        SystemSlot.objects.update(process_id=None)


def test_lower_limit_holds_for_the_next_calls(start: Start, system: System) -> None:
    system(max_concurrent=3)
    for _ in range(4):
        start()
    claims = [taken(), taken(), taken()]
    system(max_concurrent=1)
    last = claimed()

    for one in claims[:2]:
        leases.release(one, transitions.released(one.standing))
        assert external_calls.acquire(last, "inventory") is None
    leases.release(claims[2], transitions.released(claims[2].standing))

    assert external_calls.acquire(last, "inventory") is not None


def test_higher_limit_makes_room_at_once(start: Start, system: System) -> None:
    system(max_concurrent=1)
    for _ in range(20):
        start()
    taken()
    system(max_concurrent=20)

    for _ in range(19):
        taken()


def test_system_that_nobody_has_set_begins_with_what_settings_say(start: Start, settings: Settings) -> None:
    settings.EXTERNAL_SYSTEMS = {"inventory": {"max_concurrent": 7, "cool_down_seconds": 5.0}}
    start()

    taken()

    found = ExternalSystem.objects.get()
    assert (found.name, found.max_concurrent, found.failure_threshold, found.cool_down_seconds) == (
        "inventory",
        7,
        5,
        5.0,
    )


def test_definitions_bring_their_systems_and_change_none(registered: None, settings: Settings) -> None:
    settings.Q_CLUSTER = {**settings.Q_CLUSTER, "workers": 9}
    ExternalSystem.objects.create(name="mast", max_concurrent=1, cool_down_seconds=1)

    for _ in range(2):
        registry.sync_definitions()

    assert list(
        ExternalSystem.objects.values_list("name", "max_concurrent", "failure_threshold", "cool_down_seconds")
    ) == [
        ("inventory", 4, 5, 30.0),
        ("mast", 1, None, 1.0),
    ]


@pytest.mark.postgres
@pytest.mark.parametrize(("name", "more"), [("call_once", 1), ("only_compute", 0)])
def test_step_that_calls_a_system_costs_one_statement_more(name: str, more: int, start: Start, system: System) -> None:
    system()
    start(name)
    run_ready()
    start(name)
    claim = claimed()

    with CaptureQueriesContext(connection) as asked:
        drive.run_claimed(claim)

    of_the_end = ("statesnapshot", "resourcelock", "processsubject")
    texts = [one["sql"] for one in asked if "processes_" in one["sql"]]
    steps = [text for text in texts if not any(table in text for table in of_the_end)]
    assert [("systemslot" in text, "WITH moved" in text) for text in steps] == [(True, False)] * more + [(False, True)]


# When it fails


def test_circuit_breaker_opens_after_failures_in_a_row(start: Start, system: System) -> None:
    system(failure_threshold=3)
    workflows.troubles += [ConnectionError("down")] * 9
    processes = [start() for _ in range(6)]

    run_ready()

    found = ExternalSystem.objects.get()
    assert (len(workflows.calls), found.failures, found.last_failure) == (3, 3, "ConnectionError: down")
    assert found.opened_at is not None
    assert found.half_open_at is not None
    assert (found.half_open_at - found.opened_at).total_seconds() == pytest.approx(30, abs=0.1)
    assert (
        sorted(stands(one)[:3] for one in processes)
        == [("ready", "waiting", "inventory")] * 3 + [("stopped", "api_unavailable", "")] * 3
    )


def test_success_between_failures_begins_the_count_anew(start: Start, system: System) -> None:
    system(failure_threshold=2)
    for error in (ConnectionError("down"), None, ConnectionError("down"), None, ConnectionError("down")):
        workflows.troubles[:] = [error] if error else []
        start()
        run_ready()

    found = ExternalSystem.objects.get()
    assert (len(workflows.calls), found.failures, found.half_open_at) == (5, 1, None)


@pytest.mark.parametrize("error", [workflows.Refused("no"), AssertionError("differs")])
def test_what_the_system_refuses_is_no_failure_of_it(error: Exception, start: Start, system: System) -> None:
    system(failure_threshold=1)
    workflows.troubles[:] = [error]
    process = start()

    run_ready()

    assert (ExternalSystem.objects.get().failures, stands(process)[0], len(workflows.calls)) == (0, "stopped", 1)


def test_without_a_threshold_it_never_opens(start: Start, system: System) -> None:
    system(failure_threshold=None)
    workflows.troubles += [ConnectionError("down")] * 20
    for _ in range(20):
        start()

    run_ready()

    found = ExternalSystem.objects.get()
    assert (found.failures, found.half_open_at) == (20, None)


def opened(start: Start, system: System, **columns: Any) -> None:
    """After one failure the circuit breaker of the inventory is open for 30 seconds."""
    system(failure_threshold=1, **columns)
    workflows.troubles[:] = [ConnectionError("down")]
    start()
    run_ready()
    workflows.calls.clear()


def test_one_trial_after_the_cool_down_and_when_it_fails_the_breaker_opens_again(start: Start, system: System) -> None:
    opened(start, system)
    waiting = [start() for _ in range(5)]
    assert run_ready() == 5
    assert store.next_moment() == pytest.approx(30, abs=5)

    for round_number in range(1, 4):
        with clock.shift(timedelta(seconds=31 * round_number)):
            workflows.troubles[:] = [ConnectionError("still down")]
            assert run_ready() == 1, "the others wait, and nobody claims them"
            assert ExternalSystem.objects.get().failures == 1 + round_number

    assert len(workflows.calls) == 3
    assert sum(stands(one)[1] == "api_unavailable" for one in waiting) == 3


def test_only_one_trial_at_a_time(start: Start, system: System) -> None:
    opened(start, system)
    claims = []
    for _ in range(8):
        start()
        claims.append(claimed())
    ExternalSystem.objects.update(half_open_at=EngineNow(-1))

    answers = together([lambda one=one: external_calls.acquire(one, "inventory") for one in claims])  # type: ignore[misc]

    assert [one.is_trial for one in answers if one is not None] == [True]  # type: ignore[union-attr]
    start(blocked_by_system="inventory")
    assert store.claim("worker-1") is None


def test_success_of_the_trial_lets_everybody_call(start: Start, system: System) -> None:
    opened(start, system)
    processes = [start() for _ in range(5)]
    run_ready()

    with clock.shift(timedelta(seconds=31)):
        run_ready()

    found = ExternalSystem.objects.get()
    assert (found.failures, found.half_open_at, found.opened_at, found.last_failure) == (
        0,
        None,
        None,
        "ConnectionError: down",
    )
    assert {stands(one)[1] for one in processes} == {"completed"}


@pytest.mark.usefixtures("without_pause")
def test_trial_that_is_lost_with_its_worker_is_made_by_another(start: Start, system: System) -> None:
    opened(start, system)
    process = start()
    with clock.shift(timedelta(seconds=31)):
        taken()
        assert SystemSlot.objects.busy().get().is_trial
        recovery.recover_from(["worker-1"])

        run_ready()

    assert stands(process)[1] == "completed"
    assert ExternalSystem.objects.get().half_open_at is None


def test_call_that_began_before_closes_no_circuit_breaker(start: Start, system: System) -> None:
    system(failures=2)
    start()
    call = external_calls.acquire(claimed(), "inventory")
    assert call is not None
    system(failures=3, half_open_at=EngineNow(60))

    external_calls.record_outcome(call, Success())

    assert ExternalSystem.objects.get().failures == 3


def test_retry_comes_after_the_cool_down(start: Start, system: System) -> None:
    """A step that is tried again by itself waits for the system when its moment comes, and uses up no try."""
    system(failure_threshold=1)
    workflows.troubles[:] = [ConnectionError("down")]
    process = start("call_twice")
    run_ready()
    assert stands(process) == ("ready", "waiting", "", 1)

    with clock.shift(timedelta(seconds=6)):
        assert run_ready() == 1
        assert stands(process) == ("ready", "waiting", "inventory", 1)
    with clock.shift(timedelta(seconds=31)):
        run_ready()

    assert stands(process)[1] == "completed"
    assert list(process.steps.filter(path="call-again").values_list("status", "attempt")) == [
        ("waiting", 1),
        ("success", 2),
    ]


def test_overrun_deadline_is_a_failure_of_the_system(start: Start, registered: None) -> None:
    ExternalSystem.objects.create(name="mast", max_concurrent=1, failure_threshold=1, cool_down_seconds=30)
    process = start("use_the_mast")
    claim = claimed()
    assert external_calls.acquire(claim, "mast") is not None
    leases.set_deadline(claim, 60)

    with clock.shift(timedelta(seconds=61)):
        assert recovery.fail_overdue(["worker-1"]) == 1

        assert run_ready() == 1
        assert stands(process)[:3] == ("ready", "waiting", "mast")
    found = ExternalSystem.objects.get()
    assert found.last_failure == "StepTimedOut: The step exceeded its timeout of 60 seconds and was stopped."


def test_stopped_system_is_not_called_and_not_tried(start: Start, system: System) -> None:
    system(stopped_at=EngineNow())
    process = start()

    with clock.shift(timedelta(hours=9)):
        run_ready()
        assert stands(process) == ("ready", "waiting", "inventory", 0)
        assert store.next_moment() is None
    ExternalSystem.objects.update(stopped_at=None)
    run_ready()

    assert stands(process)[1] == "completed"


def test_process_that_waits_can_be_retried_skipped_and_aborted(
    start: Start, system: System, operator: User, admin_user: User
) -> None:
    system(stopped_at=EngineNow())
    retried, skipped, aborted = start(), start(), start()
    run_ready()

    actions.retry(retried.pk, by=operator)
    assert stands(retried)[:3] == ("ready", "resumed", "")
    actions.skip(skipped.pk, by=admin_user, reason="It is done.")
    actions.abort(aborted.pk, by=operator)
    run_ready()

    assert [stands(one)[1:3] for one in (retried, skipped, aborted)] == [
        ("waiting", "inventory"),
        ("completed", ""),
        ("aborted", ""),
    ]
