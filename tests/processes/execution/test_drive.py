"""What driving makes of claims and steps on the real tables, even when a binding fails or a release changes it."""

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from pytest_django import Settings

from processes import actions, store
from processes.engine import StepList, begin, step, transitions
from processes.engine.losses import CRASH_BUDGET
from processes.execution import drive, recovery
from processes.models import EngineSettings, Process, ResourceLock
from processes.plugins import registry
from processes.queries.invariants import violations
from processes.store import clock, leases
from tests.processes import workflows
from tests.processes.conftest import RunReady, told
from tests.processes.engine import programs
from tests.processes.letters import A, B, C, Release, X, ask, go_on, suspended_after_a

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
    assert (process.status, process.failed_reason) == ("api_unavailable", "still down")
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


@pytest.mark.parametrize(
    ("steps", "seen"),
    [
        (A >> ask >> B >> C, "ABC"),
        (A >> ask >> X >> B >> C, "AXBC"),
        (A >> ask >> B >> C >> X, "ABCX"),
        (A >> ask >> C, "AC"),
        (A >> ask >> C >> B, "ACB"),
        (begin >> A >> ask, "A"),
    ],
    ids=["the same", "inserted next", "added at the end", "removed", "reordered", "nothing follows"],
)
def test_change_after_the_position_is_followed(
    release: Release, operator: User, run: Callable[[], None], steps: StepList, seen: str
) -> None:
    process = suspended_after_a(release, operator, run)

    release(steps)
    process = go_on(process, operator, run)

    assert process.status == "completed"
    assert store.load_state(process.pk)["seen"] == seen
    assert process.workflow_version_id == registry.version_id(registry.get("letters"))


def test_ready_process_at_a_changed_place_fails_and_goes_on_under_a_release_that_fits(
    release: Release, operator: User, run: Callable[[], None]
) -> None:
    release(A >> B)
    process = actions.start("letters", [], by=operator)

    release(X >> B)
    run()
    process.refresh_from_db()
    assert (process.status, process.error_class) == ("failed", "DefinitionChanged")
    assert (
        process.failed_reason
        == "Definition changed: up to the step a, letters has other steps than this process began with."
    )

    release(A >> B)
    actions.retry(process.pk, by=operator)
    run()
    process.refresh_from_db()
    assert process.status == "completed"
    assert told(process) == [("a", "failed", 1), ("a", "success", 2), ("b", "success", 1)]


def test_step_that_was_inserted_later_may_fail_and_be_retried(
    release: Release, operator: User, run: Callable[[], None]
) -> None:
    fails = [ValueError("no")]

    @step("Fail once")
    def fail_once() -> None:
        if fails:
            raise fails.pop()

    process = suspended_after_a(release, operator, run)
    release(A >> ask >> fail_once >> B >> C)
    assert go_on(process, operator, run).status == "failed"

    actions.retry(process.pk, by=operator)
    run()

    process.refresh_from_db()
    assert process.status == "completed"


def test_process_whose_workflow_is_gone_fails_and_says_so(
    release: Release, operator: User, run: Callable[[], None]
) -> None:
    release(A >> B)
    process = actions.start("letters", [], by=operator)

    release(None)
    run()

    process.refresh_from_db()
    assert (process.status, process.failed_reason) == ("failed", "There is no workflow named letters.")
    assert (process.error_class, process.position_path) == ("UnknownWorkflow", "a")


def test_binding_that_works_saves_its_subject(operator: User, fails: set[str], run_ready: RunReady) -> None:
    process = actions.start("touch", [], by=operator)

    run_ready()

    process.refresh_from_db()
    assert process.status == "completed"
    assert list(process.subjects.values_list("kind", "subject_id", "label")) == [("thing", "1", "Thing one")]
    assert EngineSettings.objects.get().paused_by == "completed"


@pytest.mark.parametrize("place", ["session", "collect", "commit", "end", "end completed"])
def test_binding_that_breaks_fails_the_process_and_lets_go(
    operator: User, fails: set[str], run_ready: RunReady, place: str
) -> None:
    fails.add(place)
    process = actions.start("touch", [], by=operator)

    run_ready()

    process.refresh_from_db()
    assert (process.status, process.run_state, process.error_class) == ("failed", "stopped", "Broken")
    assert (process.failed_reason, process.position_path, process.sequence) == (place, "look", 0)
    assert told(process) == [("look", "failed", 1)]
    assert not ResourceLock.objects.exists()

    fails.clear()
    EngineSettings.objects.all().delete()
    actions.retry(process.pk, by=operator)
    run_ready()
    assert Process.objects.get().status == "completed"


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


@pytest.fixture
def programs_registered(settings: Settings) -> Iterator[None]:
    settings.WORKFLOW_MODULES = ["tests.processes.engine.programs"]
    registry.reload()
    yield
    registry.reload()


def test_program_that_loops_branches_and_handles_an_error(
    programs_registered: None, operator: User, run: Callable[[], None]
) -> None:
    process = actions.start("loop_branch_and_handle", [], by=operator)

    run()

    process.refresh_from_db()
    assert (process.status, store.load_state(process.pk).as_dict()["done"]) == ("completed", programs.DONE)
    assert (process.position_frames, process.failed_reason) == ({}, None)
    assert list(process.steps.values_list("path", "visit", "attempt", "status", "sequence")) == [
        ("loop/count", 1, 1, "success", 1),
        ("loop/which/odd", 1, 1, "success", 2),
        ("loop/count", 2, 1, "success", 3),
        ("loop/which/scope/even", 2, 1, "failed", None),
        ("loop/which/scope/mend", 2, 1, "success", 4),
        ("loop/count", 3, 1, "success", 5),
        ("loop/which/odd", 3, 1, "success", 6),
        ("finish", 3, 1, "success", 7),
    ]
    assert [str(violation) for violation in violations()] == []


@pytest.mark.usefixtures("without_pause")
def test_handler_is_asked_when_a_step_has_cost_all_its_workers(
    programs_registered: None, operator: User, run: Callable[[], None]
) -> None:
    process = actions.start("loop_branch_and_handle", [], by=operator)
    for _ in range(3):
        claim = store.claim("worker")
        assert claim is not None
        drive.run_claimed(claim, lambda: True)

    for number in range(CRASH_BUDGET):
        assert store.claim(f"lost worker {number}") is not None
        recovery.recover_from([f"lost worker {number}"])
    process.refresh_from_db()
    assert (process.run_state, process.status, process.crash_count) == ("ready", "running", 0)
    run()

    process.refresh_from_db()
    assert (process.status, process.failed_reason) == ("completed", None)
    assert store.load_state(process.pk).as_dict()["done"] == programs.DONE_AFTER_CRASHES
    assert told(process)[3:7] == [
        *((programs.FAILS_AT, "crashed", attempt) for attempt in (1, 2, 3)), ("loop/which/scope/mend", "success", 1),
    ]  # fmt: skip
    assert [str(violation) for violation in violations()] == []


def test_answer_gives_the_next_step_a_fresh_crash_budget(operator: User, run_ready: RunReady) -> None:
    process = actions.start("ask_a_person", [], by=operator)
    run_ready()
    Process.objects.filter(pk=process.pk).update(crash_count=2)  # two workers were lost before it was asked

    actions.answer(process.pk, [{"colour": "blue"}], by=operator)
    store.claim("w-9")
    recovery.recover_from(["w-9"])  # the first worker that the next step loses

    process.refresh_from_db()
    assert (process.status, process.crash_count) == ("resumed", 1)


@pytest.mark.usefixtures("without_pause")
def test_crash_does_not_show_the_traceback_of_an_earlier_error(operator: User, run_ready: RunReady) -> None:
    workflows.failures.append(ConnectionError("down"))
    process = actions.start("heal", [], by=operator)
    run_ready()
    with clock.shift(timedelta(seconds=31)):
        for number in range(3):
            store.claim(f"w-{number}")
            recovery.recover_from([f"w-{number}"])

    process.refresh_from_db()
    assert (process.error_class, process.traceback) == ("WorkerCrashed", None)
