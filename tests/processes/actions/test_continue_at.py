"""A release changes a workflow while its processes are under way: they go on where they can, and say so where not."""

import sys
from collections.abc import Callable, Generator, Iterator
from types import ModuleType
from typing import Any

import pytest
from django.contrib.auth.models import User
from pydantic_forms.core import FormPage
from pytest_django import Settings

from processes import actions, queries, store
from processes.access.permissions import Denied
from processes.engine import Call, State, StepList, begin, input_step, step, task
from processes.execution import drive
from processes.models import AuditEvent, Process
from processes.plugins import registry
from processes.queries.invariants import violations
from processes.store import leases
from tests.processes.conftest import told

pytestmark = pytest.mark.django_db(transaction=True)


class Question(FormPage):
    answer: str


@input_step("Ask")
def ask() -> Generator[Any, Any, State]:
    page = yield Question
    return {"answer": page.answer}


def letter(name: str) -> Call:
    return step(name)(lambda seen="": {"seen": seen + name})


A, B, C, X = map(letter, "ABCX")


Release = Callable[[StepList | None], None]


@pytest.fixture
def release(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[Release]:
    """Make the workflow `letters` of the present release; None: it has none any more."""
    module = ModuleType("a_release")
    monkeypatch.setitem(sys.modules, module.__name__, module)
    settings.WORKFLOW_MODULES = [module.__name__]

    def make(steps: StepList | None) -> None:
        vars(module)["letters"] = None if steps is None else task("Letters", name="letters")(lambda: steps)
        registry.reload()

    yield make
    registry.reload()


@pytest.fixture
def run() -> Callable[[], None]:
    def drive_all() -> None:
        while (claim := store.claim("worker")) is not None:
            drive.run_claimed(claim)

    return drive_all


def suspended_after_a(release: Release, operator: User, run: Callable[[], None]) -> Process:
    """A process that began under A, Ask, B, C and waits for its answer."""
    release(begin >> A >> ask >> B >> C)
    process = actions.start("letters", [], by=operator)
    run()
    return process


def go_on(process: Process, operator: User, run: Callable[[], None]) -> Process:
    actions.answer(process.pk, [{"answer": "yes"}], by=operator)
    run()
    process.refresh_from_db()
    return process


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


@pytest.mark.parametrize(
    "steps",
    [X >> A >> ask >> B, begin >> ask >> B, A >> B >> C, A >> X >> ask >> B, StepList()],
    ids=["inserted first", "removed first", "removed itself", "inserted before", "nothing left"],
)
def test_answer_at_a_changed_place_is_refused(
    release: Release, operator: User, run: Callable[[], None], steps: StepList
) -> None:
    process = suspended_after_a(release, operator, run)
    release(steps)

    with pytest.raises(actions.Refused, match="Definition changed: up to the step ask, letters has other steps"):
        go_on(process, operator, run)

    process.refresh_from_db()
    assert (process.status, process.position_path) == ("suspended", "ask")


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


def test_worker_that_lost_its_process_adopts_nothing(release: Release, operator: User) -> None:
    release(A >> B)
    process = actions.start("letters", [], by=operator)
    claim = store.claim("slow worker")
    assert claim is not None
    actions.abort(process.pk, by=operator)

    with pytest.raises(store.Fenced):
        leases.adopt_version(claim, claim.workflow_version_id)


def test_person_says_where_a_changed_process_goes_on(
    release: Release, operator: User, admin_user: User, run: Callable[[], None]
) -> None:
    process = suspended_after_a(release, operator, run)
    release(begin >> X >> A >> B >> C)
    process = Process.objects.select_related("workflow_version").get(pk=process.pk)
    change = [
        (row.before and row.before.path, row.after and row.after.path) for row in queries.definition_change(process)
    ]
    assert change == [(None, "x"), ("a", "a"), ("ask", None), ("b", "b"), ("c", "c")]

    for _ in range(2):
        actions.continue_at(
            process.pk, "b", by=admin_user, reason="the answer is not needed any more", idempotency_key="mine"
        )
    run()

    process = Process.objects.select_related("workflow_version").get(pk=process.pk)
    assert (process.status, store.load(process.pk).state["seen"]) == ("completed", "ABC")
    assert queries.definition_change(process) == ()
    assert told(process) == [
        ("a", "success", 1),
        ("ask", "abort", 1),
        ("~continue", "success", 1),
        ("b", "success", 1),
        ("c", "success", 1),
    ]
    assert AuditEvent.objects.filter(action="continue_at", actor=admin_user.username).count() == 1
    assert [str(one) for one in violations()] == []


def test_changed_process_may_repeat_what_it_has_done(
    release: Release, operator: User, admin_user: User, run: Callable[[], None]
) -> None:
    process = suspended_after_a(release, operator, run)
    release(begin >> X >> A >> B)

    actions.continue_at(process.pk, "x", by=admin_user, reason="from the beginning")
    run()

    process.refresh_from_db()
    assert (process.status, store.load(process.pk).state["seen"]) == ("completed", "AXAB")
    assert [str(one) for one in violations()] == []


@pytest.mark.parametrize(
    ("path", "reason", "error", "text"),
    [
        ("nowhere", "so", actions.InvalidArgument, "no step nowhere"),
        ("b", " ", actions.InvalidArgument, "A reason is required"),
    ],
)
def test_going_on_elsewhere_needs_a_step_and_a_reason(
    path: str,
    reason: str,
    error: type[Exception],
    text: str,
    release: Release,
    operator: User,
    admin_user: User,
    run: Callable[[], None],
) -> None:
    process = suspended_after_a(release, operator, run)
    release(begin >> X >> A >> B)

    with pytest.raises(error, match=text):
        actions.continue_at(process.pk, path, by=admin_user, reason=reason)


def test_unchanged_process_is_not_moved(
    release: Release, operator: User, admin_user: User, run: Callable[[], None]
) -> None:
    process = suspended_after_a(release, operator, run)

    with pytest.raises(actions.Refused, match="has not changed"):
        actions.continue_at(process.pk, "c", by=admin_user, reason="to skip")
    with pytest.raises(Denied):
        actions.continue_at(process.pk, "c", by=operator, reason="to skip")


def test_process_whose_workflow_is_gone_is_neither_moved_nor_skipped(
    release: Release, operator: User, admin_user: User, run: Callable[[], None]
) -> None:
    process = suspended_after_a(release, operator, run)
    release(None)

    with pytest.raises(actions.Refused, match="no workflow named letters"):
        actions.continue_at(process.pk, "c", by=admin_user, reason="so")
    with pytest.raises(actions.Refused, match="no workflow named letters"):
        actions.skip(process.pk, by=admin_user, reason="so")
