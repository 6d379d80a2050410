"""A release changes a workflow while its processes are under way: they go on where they can, and say so where not."""

import sys
from collections.abc import Callable, Generator, Iterator
from types import ModuleType
from typing import Any

import pytest
from django.contrib.auth.models import User
from pydantic_forms.core import FormPage
from pytest_django import Settings

from processes import actions, registry, runtime, store
from processes.engine import State, Step, StepList, begin, input_step, step, task
from processes.models import Process
from tests.processes.conftest import told

pytestmark = pytest.mark.django_db(transaction=True)


class Question(FormPage):
    answer: str


@input_step("Ask")
def ask() -> Generator[Any, Any, State]:
    page = yield Question
    return {"answer": page.answer}


def letter(name: str) -> Step:
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
    def drive() -> None:
        while (claim := store.claim("worker")) is not None:
            runtime.drive(claim)

    return drive


def suspended_after_a(release: Release, operator: User, run: Callable[[], None]) -> Process:
    """A process that began under A, Ask, B, C and waits for its answer."""
    release(begin >> A >> ask >> B >> C)
    process = actions.start("letters", [], by=operator)
    run()
    return process


def go_on(process: Process, operator: User, run: Callable[[], None]) -> Process:
    actions.resume(process.pk, [{"answer": "yes"}], by=operator)
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

    with pytest.raises(actions.NotPossible, match="Definition changed: up to the step ask, letters has other steps"):
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
        process.failed_reason == "Definition changed: up to the step a, letters has other steps now than it began with."
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
        store.adopt_version(claim, claim.workflow_version_id)
