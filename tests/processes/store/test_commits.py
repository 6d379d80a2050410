"""Commits: what they write, and what a worker that lost its process may not. The same on every database."""

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from processes import actions, store
from processes.engine import transitions
from processes.engine.outcome import RetryLater
from processes.engine.values.status import StepStatus
from processes.models import EngineSettings, Process, Step
from processes.store import Committed, Fenced
from processes.store.clock import EngineNow
from tests.processes.conftest import RunReady
from tests.processes.store.conftest import ERROR, Start, advanced, claimed, everything, failed, row
from tests.processes.threads import together

pytestmark = pytest.mark.django_db(transaction=True)


def test_commit_writes_the_step_and_moves_the_process(start: Start) -> None:
    start()
    claim = claimed()

    answer = store.commit(claim, *advanced(claim, patch=b'{"count":1}'))

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

    claim = claimed()
    asks = transitions.needs_input(claim.standing, step="Count", assignee="NOC")
    store.commit(claim, asks, row(claim, StepStatus.SUSPEND))

    process, step = Process.objects.get(), Step.objects.get()
    assert (process.status, process.run_state, process.leased_by, process.assignee) == (
        "suspended",
        "stopped",
        "",
        "NOC",
    )
    assert (process.lease_expires_at, step.status, step.completed_at, step.sequence) == (None, "suspend", None, None)


def test_commit_of_a_failure_keeps_the_error(start: Start) -> None:
    start()

    claim = claimed()
    store.commit(claim, *failed(claim))

    process, step = Process.objects.get(), Step.objects.get()
    assert (process.failed_reason, process.error_class, process.traceback) == ("no", "ValueError", "Traceback")
    assert (step.error, step.sequence) == ({"class": "ValueError", "message": "no", "traceback": "Traceback"}, None)
    assert step.completed_at == process.last_modified_at


def test_commit_of_a_wait_makes_it_ready_later(start: Start) -> None:
    start()

    claim = claimed()
    waits = transitions.retry_later(claim.standing, RetryLater(ERROR, 30), step="Count")
    store.commit(claim, waits, row(claim, StepStatus.WAITING, error=ERROR))

    process = Process.objects.get()
    assert (process.run_state, process.status, process.position_path) == ("ready", "waiting", "count")
    assert (process.ready_at - process.last_modified_at).total_seconds() == pytest.approx(30, abs=0.1)
    assert store.next_moment() == pytest.approx(30, abs=5)
    assert store.claim("worker-1") is None


def test_success_clears_what_the_tries_before_it_left(start: Start) -> None:
    start(failed_reason="no", error_class="ValueError", traceback="T", retry_base=2, crash_count=2)

    claim = claimed()
    store.commit(claim, *advanced(claim))

    process = Process.objects.get()
    assert (process.failed_reason, process.error_class, process.traceback) == (None, None, None)
    assert (process.retry_base, process.crash_count) == (0, 0)


def test_commit_at_the_end_has_a_moment_and_needs_no_row(start: Start) -> None:
    start(position_path="")

    claim = claimed()
    store.commit(claim, transitions.completed(claim.standing))

    process = Process.objects.get()
    assert (process.status, process.run_state, process.ended_at is None) == ("completed", "ended", False)
    assert not Step.objects.exists()


@pytest.mark.parametrize(
    "since",
    [
        {"fence": 2},
        {"run_state": "stopped", "leased_by": ""},
        {"run_state": "ended", "status": "aborted", "ended_at": EngineNow()},
        {"position_path": "only-when-asked"},
        {"position_visit": 2},
    ],
    ids=["taken over", "failed", "aborted", "moved on", "came round again"],
)
@pytest.mark.parametrize("has_row", [True, False], ids=["with a row", "without"])
def test_commit_of_a_worker_that_lost_its_process_writes_nothing(
    start: Start, since: dict[str, Any], has_row: bool
) -> None:
    start()
    claim = claimed()
    Process.objects.update(**since)
    before = everything()
    transition, record = advanced(claim)

    with pytest.raises(Fenced):
        store.commit(claim, transition, record if has_row else None)

    assert everything() == before


def test_same_commit_twice_is_refused(start: Start) -> None:
    start()
    claim = claimed()
    store.commit(claim, *advanced(claim))

    with pytest.raises(Fenced):
        store.commit(claim, *advanced(claim))


def test_commits_at_the_same_time_are_one(start: Start) -> None:
    start()
    claim = claimed()

    answers = together([lambda: store.commit(claim, *advanced(claim))] * 4)

    assert sorted(type(one).__name__ for one in answers) == ["Committed", "Fenced", "Fenced", "Fenced"]
    assert Step.objects.count() == 1


def test_second_success_of_a_step_is_impossible(start: Start) -> None:
    start()
    claim = claimed()
    store.commit(claim, *advanced(claim))
    Process.objects.update(position_path="count", position_attempt=2, sequence=5, run_state="ready", leased_by="")

    again = claimed()
    with pytest.raises(IntegrityError, match=r"step_one_committed_success|processes_step\.process_id"):
        store.commit(again, *advanced(again))


def test_commit_is_undone_with_the_transaction_it_is_part_of(start: Start) -> None:
    start()
    claim = claimed()
    before = everything()

    with transaction.atomic():
        store.commit(claim, *advanced(claim))
        transaction.set_rollback(True)

    assert everything() == before
    store.commit(claim, *advanced(claim))


def test_commit_tells_that_the_engine_was_paused(start: Start) -> None:
    start()
    claim = claimed()
    EngineSettings.objects.create(paused_at=EngineNow())

    assert store.commit(claim, *advanced(claim)).paused


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
