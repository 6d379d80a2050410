"""The raw statements: what a claim takes, what a commit writes, and what neither may do. The same on every database."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from processes import actions, store
from processes.engine import transitions
from processes.engine.errors import StepError
from processes.engine.state import StateBytes, encode
from processes.engine.status import ProcessStatus, RunState, StepKind, StepStatus
from processes.execution import drive
from processes.models import EngineSettings, Process, StateSnapshot, Step
from processes.store import Change, Claim, Committed, Fenced, StepRow, clock, leases
from processes.store.clock import EngineNow
from tests.processes.conftest import RunReady
from tests.processes.engine.test_state import JSON, KEYS
from tests.processes.threads import together

pytestmark = pytest.mark.django_db(transaction=True)

ERROR = StepError("ValueError", "no", "Traceback")
STATES = st.dictionaries(KEYS, JSON, max_size=4)


@pytest.fixture
def start(operator: User, registered: None) -> Iterator[Callable[..., Process]]:
    """Start a process of two steps, with columns as they are given."""

    def make(**columns: Any) -> Process:
        process = actions.start("count_to_two", [], by=operator)
        Process.objects.filter(pk=process.pk).update(**columns)
        return process

    yield make
    Process.objects.all().delete()  # these rows were made by hand, and need not hold together


Start = Callable[..., Process]


def claimed() -> Claim:
    claim = store.claim("worker-1")
    assert claim is not None
    return claim


def advanced(path: str = "only-when-asked", patch: bytes = b"{}", **changes: Any) -> Change:
    """The first step succeeded; the process stands at the next."""
    row = StepRow("Count", StepKind.STEP, StepStatus.SUCCESS, patch)
    given: dict[str, Any] = {"advances": True, "attempt": 1, **changes}
    return Change(row, RunState.RUNNING, ProcessStatus.RUNNING, path, **given)


def stayed(status: StepStatus, process_status: ProcessStatus, state: RunState, **changes: Any) -> Change:
    """The first step came to something else; the process stands where it stood."""
    row = StepRow("Count", StepKind.STEP, status, None, changes.get("error"))
    return Change(row, state, process_status, "count", advances=False, attempt=1, **changes)


def everything() -> list[Any]:
    return [list(one.objects.order_by("pk").values()) for one in (Process, Step, StateSnapshot)]


def test_claim_takes_the_most_urgent_then_the_longest_waiting(start: Start) -> None:
    late = start(ready_at=EngineNow(-1))
    early = start(ready_at=EngineNow(-9))
    urgent = start(ready_at=EngineNow(0), priority=5)
    patient = start(ready_at=EngineNow(-99), priority=-1)

    order = [claimed().process_id for _ in range(4)]

    assert order == [urgent.pk, early.pk, late.pk, patient.pk]
    assert store.claim("worker-1") is None


def test_claim_tells_where_the_process_stands_and_records_the_try(start: Start) -> None:
    process = start(lock_keys=["thing:1", "thing:2"])

    claim = claimed()

    row = Process.objects.get()
    assert (claim.process_id, claim.worker, claim.fence, claim.position.path, claim.position.visit) == (
        process.pk,
        "worker-1",
        1,
        "count",
        1,
    )
    assert (claim.attempt, claim.standing.tries_before, claim.sequence, claim.is_task) == (1, 0, 0, True)
    assert (claim.created_by, claim.lock_keys) == ("operator", ("thing:1", "thing:2"))
    assert (claim.workflow_name, claim.workflow_version_id) == ("count_to_two", row.workflow_version_id)
    assert (row.run_state, row.status, row.leased_by, row.fence, row.position_attempt) == (
        "running",
        "running",
        "worker-1",
        1,
        1,
    )
    assert row.attempt_started_at == claim.attempt_started_at
    assert row.lease_expires_at is not None
    assert (row.lease_expires_at - row.last_modified_at).total_seconds() == pytest.approx(store.LEASE_SECONDS, abs=0.1)


@pytest.mark.parametrize("state", [RunState.RUNNING, RunState.STOPPED])
def test_only_ready_processes_are_claimed(start: Start, state: RunState) -> None:
    start(run_state=state, leased_by="other" if state is RunState.RUNNING else "", lease_expires_at=EngineNow(9))

    assert store.claim("worker-1") is None


def test_process_that_is_not_due_is_not_claimed(start: Start) -> None:
    start(ready_at=EngineNow(60))

    assert store.claim("worker-1") is None
    with clock.shift(timedelta(seconds=61)):
        assert store.claim("worker-1") is not None


def test_nothing_is_claimed_while_the_engine_is_paused(start: Start) -> None:
    start()
    EngineSettings.objects.create(paused_at=EngineNow())

    assert store.claim("worker-1") is None
    EngineSettings.objects.update(paused_at=None)
    assert store.claim("worker-1") is not None


def test_idle_poll_writes_nothing(start: Start) -> None:
    start(ready_at=EngineNow(60))
    before = everything()

    with transaction.atomic(), CaptureQueriesContext(connection) as queries:
        assert store.claim("worker-1") is None
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_current_xact_id_if_assigned()")
                assert cursor.fetchone() == (None,)

    assert len([one for one in queries if "processes_process" in one["sql"]]) == 1
    assert everything() == before


def test_no_two_claims_get_the_same_process(start: Start) -> None:
    processes = {start().pk for _ in range(12)}

    def take_all() -> list[Any]:
        taken = []
        while (claim := store.claim("any")) is not None:
            taken.append(claim.process_id)
        return taken

    taken = [one for some in together([take_all] * 4) for one in some]  # type: ignore[union-attr]

    assert sorted(taken) == sorted(processes)


@pytest.mark.postgres
def test_claim_passes_by_what_somebody_else_looks_at(start: Start) -> None:
    first, second = start(ready_at=EngineNow(-9)), start(ready_at=EngineNow(-1))

    def look_at(process: Process) -> Any:
        with transaction.atomic():
            Process.objects.select_for_update().get(pk=process.pk)
            return together([claimed])

    ((claim,),) = (look_at(first),)
    assert isinstance(claim, Claim)
    assert claim.process_id == second.pk


def test_commit_writes_the_step_and_moves_the_process(start: Start) -> None:
    start()
    claim = claimed()

    answer = store.commit(claim, advanced(patch=b'{"count":1}'))

    process, step = Process.objects.get(), Step.objects.get()
    assert answer == Committed(1, process.last_modified_at, paused=False)
    assert (process.position_path, process.position_attempt, process.sequence) == ("only-when-asked", 1, 1)
    assert (process.run_state, process.leased_by, process.last_step) == ("running", "worker-1", "Count")
    assert (step.path, step.visit, step.attempt, step.sequence) == ("count", 1, 1, 1)
    assert (step.name, step.kind, step.status, step.patch, step.error) == (
        "Count",
        "step",
        "success",
        {"count": 1},
        None,
    )
    assert (step.worker, step.fence, step.created_by) == ("worker-1", 1, "SYSTEM")
    assert (step.started_at, step.completed_at) == (claim.attempt_started_at, answer.at)


def test_commit_of_a_suspension_leaves_the_question_open(start: Start) -> None:
    start()

    store.commit(claimed(), stayed(StepStatus.SUSPEND, ProcessStatus.SUSPENDED, RunState.STOPPED, assignee="NOC"))

    process, step = Process.objects.get(), Step.objects.get()
    assert (process.status, process.run_state, process.leased_by, process.assignee) == (
        "suspended",
        "waiting",
        "",
        "NOC",
    )
    assert (process.lease_expires_at, step.status, step.completed_at, step.sequence) == (None, "suspend", None, None)


def test_commit_of_a_failure_keeps_the_error(start: Start) -> None:
    start()

    store.commit(claimed(), stayed(StepStatus.FAILED, ProcessStatus.FAILED, RunState.STOPPED, error=ERROR))

    process, step = Process.objects.get(), Step.objects.get()
    assert (process.failed_reason, process.error_class, process.traceback) == ("no", "ValueError", "Traceback")
    assert (step.error, step.sequence) == ({"class": "ValueError", "message": "no", "traceback": "Traceback"}, None)
    assert step.completed_at == process.last_modified_at


def test_commit_of_a_wait_makes_it_ready_later(start: Start) -> None:
    start()

    store.commit(claimed(), stayed(StepStatus.WAITING, ProcessStatus.WAITING, RunState.READY, error=ERROR, delay=30.0))

    process = Process.objects.get()
    assert (process.run_state, process.status, process.position_path) == ("ready", "waiting", "count")
    assert (process.ready_at - process.last_modified_at).total_seconds() == pytest.approx(30, abs=0.1)
    assert store.next_moment() == pytest.approx(30, abs=5)
    assert store.claim("worker-1") is None


def test_success_clears_what_the_tries_before_it_left(start: Start) -> None:
    start(failed_reason="no", error_class="ValueError", traceback="T", retry_base=2, crash_count=2)

    store.commit(claimed(), advanced())

    process = Process.objects.get()
    assert (process.failed_reason, process.error_class, process.traceback) == (None, None, None)
    assert (process.retry_base, process.crash_count) == (0, 0)


def test_commit_at_the_end_has_a_moment_and_needs_no_row(start: Start) -> None:
    start(position_path="")

    store.commit(claimed(), Change(None, RunState.ENDED, ProcessStatus.COMPLETED, "", advances=False, attempt=0))

    process = Process.objects.get()
    assert (process.status, process.run_state, process.ended_at is None) == ("completed", "ended", False)
    assert not Step.objects.exists()


@pytest.mark.parametrize(
    "since",
    [
        {"fence": 2},
        {"run_state": "waiting", "leased_by": ""},
        {"run_state": "ended", "status": "aborted", "ended_at": EngineNow()},
        {"position_path": "only-when-asked"},
        {"position_visit": 2},
    ],
    ids=["taken over", "failed", "aborted", "moved on", "came round again"],
)
@pytest.mark.parametrize("row", [True, False], ids=["with a row", "without"])
def test_commit_of_a_worker_that_lost_its_process_writes_nothing(
    start: Start, since: dict[str, Any], row: bool
) -> None:
    start()
    claim = claimed()
    Process.objects.update(**since)
    before = everything()
    change = advanced()

    with pytest.raises(Fenced):
        store.commit(claim, change if row else Change(None, *list(vars(change).values())[1:]))

    assert everything() == before


def test_same_commit_twice_is_refused(start: Start) -> None:
    start()
    claim = claimed()
    store.commit(claim, advanced())

    with pytest.raises(Fenced):
        store.commit(claim, advanced())


def test_commits_at_the_same_time_are_one(start: Start) -> None:
    start()
    claim = claimed()

    answers = together([lambda: store.commit(claim, advanced())] * 4)

    assert sorted(type(one).__name__ for one in answers) == ["Committed", "Fenced", "Fenced", "Fenced"]
    assert Step.objects.count() == 1


def test_second_success_of_a_step_is_impossible(start: Start) -> None:
    start()
    store.commit(claimed(), advanced())
    Process.objects.update(position_path="count", position_attempt=2, sequence=5, run_state="ready", leased_by="")

    with pytest.raises(IntegrityError, match=r"step_one_committed_success|processes_step\.process_id"):
        store.commit(claimed(), advanced())


def test_commit_is_undone_with_the_transaction_it_is_part_of(start: Start) -> None:
    start()
    claim = claimed()
    before = everything()

    with transaction.atomic():
        store.commit(claim, advanced())
        transaction.set_rollback(True)

    assert everything() == before
    store.commit(claim, advanced())


def test_commit_tells_that_the_engine_was_paused(start: Start) -> None:
    start()
    claim = claimed()
    EngineSettings.objects.create(paused_at=EngineNow())

    assert store.commit(claim, advanced()).paused


def test_letting_go_keeps_the_place_and_the_tries(start: Start) -> None:
    process = start()
    process.refresh_from_db()
    claim = claimed()

    leases.release(claim, transitions.released(claim.standing))

    after = Process.objects.get()
    assert (after.run_state, after.leased_by, after.lease_expires_at, after.position_attempt) == ("ready", "", None, 0)
    assert after.ready_at == process.ready_at
    leases.release(claim, transitions.released(claim.standing))
    assert Process.objects.get().position_attempt == 0


def test_heartbeat_extends_the_lease_of_its_own_claim_only(start: Start) -> None:
    start()
    claim = claimed()
    Process.objects.update(lease_expires_at=EngineNow(-1))

    assert leases.extend(claim)
    lease = Process.objects.get().lease_expires_at
    assert lease is not None
    assert lease > clock.now()

    Process.objects.update(fence=9)
    assert not leases.extend(claim)


def test_progress_is_shown_until_the_step_is_over(start: Start) -> None:
    start()
    claim = claimed()

    leases.show_progress(claim, {"percent": 50})
    assert Process.objects.get().progress == {"percent": 50}

    store.commit(claim, advanced())
    assert Process.objects.get().progress is None
    leases.show_progress(Claim(**{**vars(claim), "fence": 9}), "too late")
    assert Process.objects.get().progress is None


def test_next_moment(start: Start) -> None:
    """What is ready now but cannot be claimed, since the engine is paused, must not keep a worker busy."""
    start(ready_at=EngineNow(-60))
    assert store.next_moment() is None
    start(ready_at=EngineNow(60))
    start(ready_at=EngineNow(600))
    assert store.next_moment() == pytest.approx(60, abs=5)


def statements(act: Callable[[], int]) -> int:
    with CaptureQueriesContext(connection) as queries:
        act()
    return len(queries)


@pytest.mark.postgres
def test_plain_step_costs_one_statement(operator: User, run_ready: RunReady) -> None:
    actions.start("count_to_two", [], by=operator)
    run_ready()

    def cost(workflow: str) -> int:
        actions.start(workflow, [], by=operator)
        return statements(run_ready)

    assert cost("count_many_times") - cost("count_to_two") == 20 - 3


def test_big_state_is_neither_read_nor_written_again(operator: User, run_ready: RunReady) -> None:
    process = actions.start("count_many_times", [], by=operator)
    state = store.load_state(process.pk).with_patch(encode({"big": "x" * 1_000_000}))
    store.save_snapshot(process.pk, 0, state)

    with CaptureQueriesContext(connection) as queries:
        run_ready()

    assert max(len(one["sql"]) for one in queries) < 4000
    assert len([one for one in queries if "processes_statesnapshot" in one["sql"]]) == 1


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(state=STATES, patch=STATES)
def test_state_comes_back_as_it_was_stored(start: Start, state: dict[str, Any], patch: dict[str, Any]) -> None:
    process = start()
    store.save_snapshot(process.pk, 0, StateBytes.of(state))
    claim = next(claim for claim in iter(claimed, None) if claim.process_id == process.pk)
    store.commit(claim, advanced(patch=StateBytes.of(patch).to_json()))

    assert by_value(store.load_state(process.pk).as_dict()) == by_value({**state, **patch})


def by_value(value: Any) -> Any:
    """With every number as a float: PostgreSQL keeps numbers as decimals, and a large float may come back whole."""
    match value:
        case bool() | str() | None:
            return value
        case int() | float():
            return float(value)
        case list():
            return [by_value(one) for one in value]
        case _:
            return {key: by_value(one) for key, one in value.items()}


@pytest.mark.parametrize("number", [1e22, 1e300, 1.7976931348623157e308, 5e-324, 0.1, -1e16, 2**64 - 1, -(2**63)])
def test_numbers_come_back_as_they_were(start: Start, number: float) -> None:
    process = start()

    store.save_snapshot(process.pk, 0, StateBytes.of({"number": number}))

    assert store.load_state(process.pk)["number"] == number


def test_patches_of_attempts_that_came_to_nothing_do_not_count(start: Start) -> None:
    process = start()
    store.commit(claimed(), stayed(StepStatus.FAILED, ProcessStatus.FAILED, RunState.STOPPED, error=ERROR))
    Step.objects.update(patch={"count": 99})

    assert "count" not in store.load_state(process.pk)


def test_state_of_no_process(registered: None) -> None:
    with pytest.raises(StateSnapshot.DoesNotExist):
        store.load(Process().pk)


def test_snapshot_is_rewritten_when_the_patches_outweigh_it(operator: User, run_ready: RunReady) -> None:
    process = actions.start("gather", [{"size": 30_000}], by=operator)

    run_ready()

    snapshot = StateSnapshot.objects.get()
    loaded = store.load(process.pk)
    assert 0 < snapshot.sequence < 12
    assert loaded.patched == pytest.approx(sum(map(len, patches_after(process, snapshot.sequence))), rel=0.01)
    assert loaded.patched <= max(drive.SNAPSHOT_BYTES, loaded.state.weight)
    assert loaded.state.as_dict()["gathered-12"] == "x" * 30_000
    assert len(loaded.state.as_dict()) == 12 + len(StateSnapshot.objects.get().state) - snapshot.sequence


def patches_after(process: Process, sequence: int) -> list[bytes]:
    rows = process.steps.filter(sequence__gt=sequence).order_by("sequence")
    return [encode({"patch": row.patch})["patch"] for row in rows]


def test_snapshot_is_rewritten_even_if_every_turn_is_short(operator: User, registered: None) -> None:
    actions.start("gather", [{"size": 30_000}], by=operator)

    while (claim := store.claim("worker")) is not None:
        drive.run_claimed(claim, lambda: True)

    assert Process.objects.get().status == "completed"
    assert StateSnapshot.objects.get().sequence > 0


def test_small_states_never_cause_a_snapshot(operator: User, run_ready: RunReady) -> None:
    actions.start("gather", [{"size": 100}], by=operator)

    run_ready()

    assert StateSnapshot.objects.get().sequence == 0
