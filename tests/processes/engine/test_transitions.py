"""What everything that can happen makes of a process: for each event every column is said, and they agree."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from processes.engine import ProcessStatus, transitions
from processes.engine.losses import CRASH_BUDGET, OUTAGE_BUDGET, Loss
from processes.engine.outcome import Aborted, Failed, RetryLater
from processes.engine.transitions import KEEP, Fence, Handle, Lease, Standing, Transition
from processes.engine.tree import Position
from processes.engine.values.errors import StepError
from processes.engine.values.status import FAILED_STATUSES, RunState

ERROR = StepError("ValueError", "no", "Traceback")
DIED = StepError("WorkerCrashed", "The worker died.", "")
THERE, END = Position("b", 9, {"loop": 3}), Position("")
RUNNING = Standing(RunState.RUNNING, ProcessStatus.RUNNING, Position("a", 2, {"loop": 2}), 3, 1, 1, 5)

Event = Callable[[Standing], Transition]


def lost(
    at: Standing, loss: Loss, *, asks: bool = False, handle: Handle = lambda error: None, outages: int = 0
) -> Transition:
    return transitions.lost(at, loss, step="A", asks=asks, error=DIED, handle=handle, outages=outages)


BY_WORKER: dict[str, Event] = {
    "advanced": lambda at: transitions.advanced(at, THERE, step="A"),
    "advanced, turn over": lambda at: transitions.advanced(at, THERE, step="A", yields=True),
    "advanced to the end": lambda at: transitions.advanced(at, END, step="A"),
    "caught": lambda at: transitions.caught(at, THERE, step="A"),
    "caught to the end": lambda at: transitions.caught(at, END, step="A"),
    "completed": transitions.completed,
    "needs input": lambda at: transitions.needs_input(at, step="A", assignee="NOC"),
    "retry later": lambda at: transitions.retry_later(at, RetryLater(ERROR, 7), step="A"),
    "failed": lambda at: transitions.failed(at, Failed(ERROR), step="A"),
    "failed precisely": lambda at: transitions.failed(at, Failed(ERROR, ProcessStatus.API_UNAVAILABLE), step="A"),
    "given up": lambda at: transitions.given_up(at, Aborted(ERROR), step="A"),
    "released": transitions.released,
    "blocked": lambda at: transitions.blocked(at, "inventory"),
}
BY_OTHERS: dict[str, Event] = {
    "crashed": lambda at: lost(at, Loss.CRASHED),
    "crashed, in a scope that handles it": lambda at: lost(at, Loss.CRASHED, handle=lambda error: THERE),
    "crashed, and nobody knows": lambda at: lost(at, Loss.CRASHED, asks=True),
    "interrupted": lambda at: lost(at, Loss.INTERRUPTED),
    "lost in an outage": lambda at: lost(at, Loss.OUTAGE),
    "timed out": lambda at: transitions.failed(at, Failed(ERROR), step="A", fence=Fence.RAISED),
    "timed out, in a scope that handles it": lambda at: transitions.caught(
        at, THERE, step="A", yields=True, fence=Fence.RAISED
    ),
    "timed out, again": lambda at: transitions.retry_later(at, RetryLater(ERROR, 7), step="A", fence=Fence.RAISED),
    "answered": lambda at: transitions.answered(at, THERE, step="A", version_id=4),
    "skipped": lambda at: transitions.skipped(at, THERE, step="A"),
    "continued": lambda at: transitions.continued_at(at, THERE, step="Continued at C", version_id=4),
    "retried": transitions.retried,
    "restarted": lambda at: transitions.restarted(at, THERE),
    "edited": lambda at: transitions.edited(
        replace(at, run_state=RunState.STOPPED, status=ProcessStatus.SUSPENDED, assignee="NOC")
    ),
    "aborted": lambda at: transitions.aborted(at, step="User Aborted"),
}
STANDINGS = st.builds(
    Standing,
    run_state=st.just(RunState.RUNNING),
    status=st.just(ProcessStatus.RUNNING),
    position=st.builds(Position, st.sampled_from(["a", "g/a"]), st.integers(1, 5), st.just({})),
    attempt=st.integers(1, 9),
    retry_base=st.integers(0, 9),
    crash_count=st.integers(0, 5),
    sequence=st.integers(0, 99),
)


@pytest.mark.parametrize("event", [*BY_WORKER.values(), *BY_OTHERS.values()], ids=[*BY_WORKER, *BY_OTHERS])
@given(at=STANDINGS)
def test_columns_of_every_transition_agree(event: Event, at: Standing) -> None:
    after = event(at)

    assert (after.lease is Lease.HELD) == (after.run_state is RunState.RUNNING)
    assert (after.run_state is RunState.ENDED) == (after.status in {ProcessStatus.COMPLETED, ProcessStatus.ABORTED})
    assert (after.run_state is RunState.STOPPED) == (after.status in {ProcessStatus.SUSPENDED, *FAILED_STATUSES})
    assert after.sequence in {at.sequence, at.sequence + 1}
    assert after.position.visit >= at.position.visit or after.position.is_end
    assert not after.blocked_by_system or after.run_state is RunState.READY
    assert not after.held_back_seconds or after.run_state is RunState.READY
    if after.status in FAILED_STATUSES or (after.status is ProcessStatus.WAITING and not after.blocked_by_system):
        assert isinstance(after.error, StepError)
    else:
        assert after.error in {None, KEEP} or after.status is ProcessStatus.ABORTED
    if after.position != at.position:
        assert (after.retry_base, after.crash_count) == (0, 0), "another step has budgets of its own"


@pytest.mark.parametrize("event", BY_OTHERS.values(), ids=BY_OTHERS)
def test_whatever_others_do_fences_the_worker(event: Event) -> None:
    assert event(RUNNING).fence is Fence.RAISED


@pytest.mark.parametrize("event", BY_WORKER.values(), ids=BY_WORKER)
def test_what_a_worker_does_leaves_its_fence(event: Event) -> None:
    assert event(RUNNING).fence is Fence.SAME


def test_step_that_was_done_moves_on_with_fresh_budgets() -> None:
    after = transitions.advanced(RUNNING, THERE, step="A")

    assert after == Transition(
        run_state=RunState.RUNNING,
        status=ProcessStatus.RUNNING,
        position=THERE,
        attempt=1,
        retry_base=0,
        crash_count=0,
        sequence=6,
        assignee="SYSTEM",
        last_step="A",
        error=None,
        ready_in=KEEP,
        held_back_seconds=0.0,
        version_id=KEEP,
        blocked_by_system="",
        lease=Lease.HELD,
        fence=Fence.SAME,
    )


def test_turn_that_is_over_leaves_the_process_ready() -> None:
    after = transitions.advanced(RUNNING, THERE, step="A", yields=True)

    assert (after.run_state, after.lease, after.attempt, after.ready_in) == (RunState.READY, Lease.RELEASED, 0, 0.0)


def test_process_that_is_given_back_keeps_its_tries_and_its_place() -> None:
    after = transitions.released(RUNNING)

    assert (after.run_state, after.attempt, after.ready_in, after.error) == (RunState.READY, 2, KEEP, KEEP)


@pytest.mark.parametrize("verb", ["answered", "skipped", "continued"])
def test_next_step_after_a_person_acts_has_a_fresh_crash_budget(verb: str) -> None:
    after = BY_OTHERS[verb](replace(RUNNING, crash_count=2))

    assert (after.crash_count, after.retry_base, after.attempt, after.error) == (0, 0, 0, None)


def test_retry_of_a_person_gives_a_new_budget_of_tries_at_the_same_step() -> None:
    after = transitions.retried(RUNNING)

    assert (after.position, after.attempt, after.retry_base, after.crash_count) == (RUNNING.position, 3, 3, 0)


@pytest.mark.parametrize("crashes", range(CRASH_BUDGET))
def test_last_crash_of_the_budget_stops_with_its_own_error(crashes: int) -> None:
    after = lost(replace(RUNNING, crash_count=crashes), Loss.CRASHED)

    if crashes + 1 < CRASH_BUDGET:
        assert (after.status, after.crash_count, after.error) == (ProcessStatus.RESUMED, crashes + 1, None)
        return
    assert isinstance(after.error, StepError)
    assert (after.status, after.error.class_name, after.error.traceback) == (ProcessStatus.FAILED, "WorkerCrashed", "")


def test_outages_in_a_row_stop_at_a_budget_of_their_own_and_begin_anew_after_a_person_has_looked() -> None:
    found = [lost(RUNNING, Loss.OUTAGE, outages=before) for before in range(2 * OUTAGE_BUDGET)]

    stopped = [number for number, after in enumerate(found, start=1) if after.status == ProcessStatus.FAILED]
    assert stopped == [OUTAGE_BUDGET, 2 * OUTAGE_BUDGET]
    assert {after.crash_count for after in found} == {RUNNING.crash_count}
    error = found[OUTAGE_BUDGET - 1].error
    assert isinstance(error, StepError)
    assert "were lost 10 times in a row during this step" in error.message


@pytest.mark.parametrize("crashes", range(CRASH_BUDGET))
def test_handler_is_asked_of_the_last_crash_of_the_budget_only(crashes: int) -> None:
    asked: list[StepError] = []

    def handle(error: StepError) -> Position:
        asked.append(error)
        return THERE

    after = lost(replace(RUNNING, crash_count=crashes), Loss.CRASHED, handle=handle)

    if crashes + 1 < CRASH_BUDGET:
        assert (after.position, asked) == (RUNNING.position, [])
        return
    assert [(error.class_name, "died 3 times" in error.message) for error in asked] == [("WorkerCrashed", True)]
    assert after == transitions.caught(RUNNING, THERE, step="A", yields=True, fence=Fence.RAISED)


@pytest.mark.parametrize("loss", Loss)
def test_no_handler_decides_what_only_a_person_can_know(loss: Loss) -> None:
    after = lost(replace(RUNNING, crash_count=2), loss, asks=True, handle=lambda error: THERE)

    assert (after.status, after.position, after.error) == (
        ProcessStatus.FAILED, RUNNING.position, transitions.OUTCOME_UNKNOWN,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("loss", "crashes", "seconds"),
    [(Loss.CRASHED, 0, 0.5), (Loss.CRASHED, 1, 1.0), (Loss.OUTAGE, 0, 0.5), (Loss.INTERRUPTED, 0, 0.0)],
)
def test_step_whose_worker_was_lost_is_left_alone_for_a_moment(loss: Loss, crashes: int, seconds: float) -> None:
    after = lost(replace(RUNNING, crash_count=crashes), loss)

    assert (after.run_state, after.ready_in, after.held_back_seconds) == (RunState.READY, KEEP, seconds)


@pytest.mark.parametrize("loss", [Loss.INTERRUPTED, Loss.OUTAGE])
def test_loss_that_is_no_fault_of_the_step_costs_no_try_and_counts_as_no_crash(loss: Loss) -> None:
    after = lost(replace(RUNNING, crash_count=2), loss)

    assert (after.status, after.crash_count, after.retry_base) == (ProcessStatus.RESUMED, 2, RUNNING.retry_base + 1)


def test_edit_moves_nothing() -> None:
    stopped = replace(RUNNING, run_state=RunState.STOPPED, status=ProcessStatus.SUSPENDED, assignee="NOC")

    after = transitions.edited(stopped)

    assert (after.run_state, after.status, after.position) == (stopped.run_state, stopped.status, stopped.position)
    assert (after.sequence, after.assignee, after.error, after.fence) == (6, "NOC", KEEP, Fence.RAISED)


@pytest.mark.parametrize(
    ("attempt", "retry_base", "crash_count", "tries"), [(1, 0, 0, 0), (4, 0, 0, 3), (4, 2, 1, 0), (2, 3, 0, 0)]
)
def test_tries_before_are_those_that_failed_by_themselves(
    attempt: int, retry_base: int, crash_count: int, tries: int
) -> None:
    at = replace(RUNNING, attempt=attempt, retry_base=retry_base, crash_count=crash_count)

    assert at.tries_before == tries
