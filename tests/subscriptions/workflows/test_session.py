"""What a step is given of subscriptions, and what becomes of what it returns."""

from uuid import uuid4

import pytest
from django.contrib.auth.models import User
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from processes import actions
from processes.engine.binding import MISSING, StepRun
from subscriptions.actions import NotLocked
from subscriptions.queries.loading import load
from subscriptions.tree import Subscription, ValuesMissing
from subscriptions.workflows.session import ChangedNotReturned, NoSubscription, SubscriptionSession
from tests.factories import subscriptions as make
from tests.subscriptions.conftest import RunReady
from tests.subscriptions.workflows.definitions import validate_node

pytestmark = pytest.mark.django_db


def session(*locked: Subscription) -> SubscriptionSession:
    resources = tuple(f"subscription:{one.subscription_id}" for one in locked)
    return SubscriptionSession(StepRun(uuid4(), validate_node, "compare", 1, resources, "operator"))


def test_parameters_of_other_kinds_are_not_ours() -> None:
    step = session()

    assert [step.inject("x", annotation, 1) for annotation in (int, None, list[int], int | None)] == [MISSING] * 4
    assert step.inject("x", Subscription, MISSING) is MISSING
    assert step.inject("x", Subscription | None, MISSING) is MISSING
    assert step.inject("x", dict[str, Subscription], {}) is MISSING


def test_one_subscription_is_one_object() -> None:
    node = make.node()
    step = session(node)
    key = str(node.subscription_id)

    one = step.inject("a", Subscription, key)
    many = step.inject("b", list[Subscription], [{"subscription_id": key, "version": 1}, node.subscription_id])
    maybe = step.inject("c", Subscription | None, key)

    assert isinstance(many, list)
    assert all(other is one for other in [*many, maybe])
    assert step.inject("d", Subscription | None, None) is None


@pytest.mark.parametrize("value", [None, "", "x", 5, {"version": 1}])
def test_value_that_names_no_subscription_is_an_error(value: object) -> None:
    with pytest.raises(NoSubscription, match='requires the subscription "a"'):
        session().inject("a", Subscription, value)


def test_returned_subscription_becomes_a_reference_and_is_saved() -> None:
    node = make.node()
    step = session(node)
    given = step.inject("a", Subscription, node.subscription_id)
    assert isinstance(given, Subscription)
    given.description = "new"

    state = step.collect({"subscription": given, "nested": {"all": [given], "n": 1}})

    reference = {"subscription_id": str(node.subscription_id), "version": node.version + 1}
    assert state == {"subscription": reference, "nested": {"all": [reference], "n": 1}}
    assert step.has_changes
    (subject,) = step.commit()
    assert (subject.kind, subject.id, subject.label) == ("subscription", str(node.subscription_id), "new")


def test_commit_that_was_lost_is_made_again() -> None:
    node = make.node()
    step = session(node)
    given = step.inject("a", Subscription, node.subscription_id)
    assert isinstance(given, Subscription)
    given.description = "new"
    given.node.ims_id = 77
    step.collect({"subscription": given})

    with transaction.atomic():
        lost = step.commit()
        transaction.set_rollback(True)
    again = step.commit()

    stored = load(node.subscription_id)
    assert again == lost
    assert (stored.version, stored.description, stored.node.ims_id) == (node.version + 1, "new", 77)


def test_unchanged_subscription_is_only_referred_to() -> None:
    node = make.node()
    step = session()
    given = step.inject("a", Subscription, node.subscription_id)

    assert step.collect({"subscription": given}) == {
        "subscription": {"subscription_id": str(node.subscription_id), "version": node.version}
    }
    assert not step.has_changes


def test_errors_name_the_subscription() -> None:
    node = make.node()
    step = session()
    given = step.inject("a", Subscription, node.subscription_id)
    assert isinstance(given, Subscription)
    given.note = "x"

    with pytest.raises(ChangedNotReturned, match="changed “node ams-1” and did not return it"):
        step.collect({})
    with pytest.raises(NotLocked, match="“node ams-1” was changed, but this process has not locked it"):
        step.collect({"subscription": given})


def test_what_cannot_be_saved_fails_before_the_commit() -> None:
    node = make.node()
    step = session(node)
    given = step.inject("a", Subscription, node.subscription_id)
    assert isinstance(given, Subscription)
    given.node.ims_id = None

    with pytest.raises(ValuesMissing):
        step.collect({"subscription": given})


AROUND = ("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE")


def statements(captured: CaptureQueriesContext) -> int:
    return sum(not one["sql"].startswith(AROUND) for one in captured.captured_queries)


def start(subscription_id: object, note: str, operator: User) -> None:
    actions.start("modify_note", [{"subscription_id": str(subscription_id)}, {"note": note}], by=operator)


@pytest.mark.usefixtures("offered")
@pytest.mark.postgres
@pytest.mark.parametrize("users", [0, 1, 3])
def test_start_asks_once_for_the_form_and_once_under_the_lock(users: int, operator: User) -> None:
    """Paused; found and checked; the form's own look at the tree (2); found and checked again; everything else."""
    node = make.node()
    for number in range(users):
        make.port(node, f"1/{number}")
    start(make.node("warm").subscription_id, "so so", operator)

    with CaptureQueriesContext(connection) as captured:
        start(node.subscription_id, "well", operator)

    assert statements(captured) == 6


@pytest.mark.usefixtures("offered")
def test_step_reads_and_saves_a_subscription_in_a_fixed_number(operator: User, run_ready: RunReady) -> None:
    counts = []
    for users in (0, 3):
        node = make.node(f"n{users}")
        for number in range(users):
            make.port(node, f"{users}/{number}")
        start(node.subscription_id, "well", operator)
        with CaptureQueriesContext(connection) as captured:
            run_ready()
        counts.append(statements(captured))

    assert counts[0] == counts[1]
