"""Starts: what they make, who wins at the same moment, and that a refused one leaves nothing."""

from collections.abc import Callable

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test.utils import CaptureQueriesContext
from knox.models import AuthToken
from rest_framework.test import APIClient

from processes import actions
from processes.engine import (
    Blocker,
    StartRefused,
)
from processes.forms import FormIncomplete, FormInvalid
from processes.models import (
    Idempotency,
    Process,
    ResourceLock,
    WorkflowVersion,
)
from processes.plugins import registry
from processes.store import load_state
from tests.processes import workflows
from tests.processes.actions.conftest import SHED, rows
from tests.processes.conftest import RunReady
from tests.processes.threads import together
from tests.processes.touchy_workflows import Broken

pytestmark = pytest.mark.django_db(transaction=True)


def test_start_makes_process_lock_subject_and_state(operator: User, registered: None) -> None:
    process = actions.start("paint_thing", SHED, by=operator)

    process.refresh_from_db()
    assert (process.status, process.run_state, process.created_by) == ("created", "ready", "operator")
    assert (process.position_path, process.lock_keys) == ("fail-while-told-to", ["thing:shed"])
    assert list(ResourceLock.objects.values_list("resource", "process_id")) == [("thing:shed", process.pk)]
    assert list(process.subjects.values_list("kind", "subject_id", "label")) == [("thing", "shed", "Thing shed")]
    assert load_state(process.pk).as_dict() == {
        "reporter": "operator",
        "workflow_name": "paint_thing",
        "workflow_target": "modify",
        "process_id": str(process.pk),
        "thing": "shed",
        "colour": "grey",
    }


@pytest.mark.parametrize(
    ("pages", "error"),
    [
        ([], FormIncomplete),
        ([{}], FormInvalid),
        ([{"thing": "shed", "more": 1}], FormInvalid),
        ([{"thing": "shed"}, {}], FormInvalid),
        ([{"thing": "forbidden"}], StartRefused),
    ],
)
@pytest.mark.parametrize("idempotency_key", ["", "one-time"])
def test_start_that_is_refused_leaves_nothing(
    operator: User, registered: None, pages: list[dict[str, object]], error: type[Exception], idempotency_key: str
) -> None:
    with pytest.raises(error):
        actions.start("paint_thing", pages, by=operator, idempotency_key=idempotency_key)

    assert rows() == [0] * 7
    assert workflows.OneThing.told == []


def test_refusal_says_why_and_what_is_in_the_way(operator: User, registered: None) -> None:
    with pytest.raises(StartRefused) as refused:
        actions.start("paint_thing", [{"thing": "forbidden"}], by=operator)

    assert refused.value.reason == "This thing is forbidden."
    assert refused.value.blockers == (Blocker("thing", "wall", "The wall"),)


def test_first_start_that_is_refused_does_not_spoil_the_next(operator: User, registered: None) -> None:
    WorkflowVersion.objects.all().delete()
    with pytest.raises(StartRefused):
        actions.start("paint_thing", [{"thing": "forbidden"}], by=operator)

    process = actions.start("paint_thing", SHED, by=operator)

    assert process.workflow_version.workflow.name == "paint_thing"


def test_lock_names_its_holder(operator: User, registered: None) -> None:
    holder = actions.start("paint_thing", SHED, by=operator)

    with pytest.raises(actions.LockHeld) as held:
        actions.start("paint_thing", SHED, by=operator, idempotency_key="one-time")

    assert (held.value.resource, held.value.holder) == ("thing:shed", holder)
    assert held.value.reason == f"thing:shed is locked by paint_thing ({holder.pk}), which is created."
    assert (Process.objects.count(), Idempotency.objects.count()) == (1, 0)


def test_two_starts_at_the_same_time_never_both_win(operator: User, registered: None) -> None:
    answers = together([lambda: actions.start("paint_thing", SHED, by=operator)] * 4)

    won = [one for one in answers if isinstance(one, Process)]
    assert len(won) == 1
    assert [type(one) for one in answers if one not in won] == [actions.LockHeld] * 3
    assert list(ResourceLock.objects.values_list("resource", "process_id")) == [("thing:shed", won[0].pk)]


def test_starts_on_different_things_do_not_meet(operator: User, registered: None) -> None:
    def start(thing: str) -> Callable[[], Process]:
        return lambda: actions.start("paint_thing", [{"thing": thing}], by=operator)

    answers = together([start(thing) for thing in "abcd"])

    assert [type(one) for one in answers] == [Process] * 4


def test_predicate_holds_for_starts_at_the_same_time(operator: User, registered: None) -> None:
    registry.version_id(registry.get("alone"))

    answers = together([lambda: actions.start("alone", [], by=operator)] * 4)

    assert sorted(type(one).__name__ for one in answers) == [
        "PredicateRefused",
        "PredicateRefused",
        "PredicateRefused",
        "Process",
    ]
    assert Process.objects.count() == 1


def test_start_that_breaks_leaves_nothing(operator: User, fails: set[str]) -> None:
    fails.add("start")

    with pytest.raises(Broken):
        actions.start("touch", [], by=operator)

    assert (Process.objects.count(), ResourceLock.objects.count()) == (0, 0)


def test_unwelcome_start_leaves_nothing(operator: User, run_ready: RunReady) -> None:
    actions.start("alone", [], by=operator)

    with pytest.raises(actions.PredicateRefused, match="alone is already running"):
        actions.start("alone", [], by=operator)

    assert Process.objects.count() == 1
    run_ready()
    actions.start("alone", [], by=operator)


def test_unknown_workflow_is_named(operator: User, registered: None) -> None:
    with pytest.raises(registry.UnknownWorkflow, match="create_moon"):
        actions.start("create_moon", [], by=operator)


AROUND = ("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE")


def statements(captured: CaptureQueriesContext) -> list[str]:
    return [one["sql"] for one in captured.captured_queries if not one["sql"].startswith(AROUND)]


@pytest.mark.postgres
@pytest.mark.usefixtures("registered")
@pytest.mark.parametrize(
    ("workflow", "pages", "own"),
    [
        ("count_to_two", [{}], ["SELECT", "WITH"]),
        ("paint_thing", [{"thing": "shed"}], ["SELECT", "INSERT", "WITH"]),
    ],
    ids=["no locks", "one lock"],
)
def test_start_costs_at_most_three_statements(
    operator: User, workflow: str, pages: list[object], own: list[str]
) -> None:
    """One for who asks and what they may; then: is the engine paused, the locks, and everything there is to insert."""
    _, token = AuthToken.objects.create(operator)
    client = APIClient(headers={"Authorization": f"Token {token}"})
    client.post(f"/api/processes/{workflow}", [{"thing": "barn"}] if pages != [{}] else pages, format="json")

    with CaptureQueriesContext(connection) as start:
        answer = client.post(f"/api/processes/{workflow}", pages, format="json", headers={"Idempotency-Key": "once"})

    assert answer.status_code == 201
    assert [one.split()[0] for one in statements(start)] == ["SELECT", *own]
