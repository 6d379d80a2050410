"""What a workflow needs of its subscription is said by it: the lock, to be in sync, a status."""

from typing import Any

import pytest
from django.contrib.auth.models import User
from pytest_django import Settings

from processes import actions
from processes.engine import DefinitionError, StepList, Target, begin
from processes.models import Process
from subscriptions.actions import NotLocked, StaleSubscription, save
from subscriptions.models import Subscription, SubscriptionVersion
from subscriptions.queries import get
from subscriptions.queries.loading import load
from subscriptions.queries.starting import startable
from subscriptions.workflows import create_workflow, modify_workflow
from tests.factories import subscriptions as make
from tests.subscriptions.conftest import RunReady, offer
from tests.subscriptions.workflows import definitions

pytestmark = pytest.mark.usefixtures("unlocked")


@pytest.fixture
def unlocked(offered: None, settings: Settings) -> None:
    offer(
        settings, "unlocked",
        wait_at_node=Target.MODIFY, look_at_node=Target.VALIDATE, sneak_into_node=Target.MODIFY,
    )  # fmt: skip


def on(workflow: str, node: Any, operator: User, *more: dict[str, Any]) -> Process:
    return actions.start(workflow, [{"subscription_id": str(node.subscription_id)}, *more], by=operator)


def insync(node: Any) -> bool:
    return Subscription.objects.values_list("insync", flat=True).get(pk=node.subscription_id)


def test_note_is_written_while_a_process_waits_for_a_person(operator: User, run_ready: RunReady) -> None:
    node = make.node()
    waiting = on("wait_at_node", node, operator)
    run_ready()
    reasons = {one.workflow_name: one.reason for one in startable(node.subscription_id, operator)}

    noted = on("modify_note", node, operator, {"note": "call first"})
    run_ready()

    assert (reasons["modify_note"], reasons["look_at_node"]) == (None, None)
    assert reasons["rename_node"] is not None
    noted.refresh_from_db()
    assert (noted.status, noted.lock_keys) == ("completed", [])
    assert (get(node.subscription_id).note, insync(node)) == ("call first", False)
    actions.answer(waiting.pk, [{}], by=operator)
    run_ready()
    waiting.refresh_from_db()
    assert waiting.status == "completed"
    assert (get(node.subscription_id).note, get(node.subscription_id).node.ims_id) == ("call first", 5)
    assert insync(node)


def test_note_written_between_read_and_save_is_taken_over() -> None:
    node, other = make.node(), load
    read = load(node.subscription_id)
    noted = other(node.subscription_id)
    noted.note = "call first"
    save([noted], cause=make.CAUSE)

    read.node.ims_id = 9
    save([read], cause=make.CAUSE)

    stored = get(node.subscription_id)
    assert (stored.note, stored.node.ims_id, stored.version) == ("call first", 9, node.version + 2)
    headers = SubscriptionVersion.objects.filter(subscription=node.subscription_id).order_by("number")
    assert [one.header["note"] for one in headers][-2:] == ["call first", "call first"]


def test_anything_else_written_between_is_stale() -> None:
    node = make.node()
    read, other = load(node.subscription_id), load(node.subscription_id)
    other.note, other.description = "call first", "another"
    save([other], cause=make.CAUSE)

    read.node.ims_id = 9
    with pytest.raises(StaleSubscription):
        save([read], cause=make.CAUSE)


def test_validation_without_the_lock_leaves_the_flag_to_the_process_that_has_it(
    operator: User, run_ready: RunReady
) -> None:
    node = make.node()
    waiting = on("wait_at_node", node, operator)
    run_ready()

    validation = on("look_at_node", node, operator)
    run_ready()

    validation.refresh_from_db()
    assert (validation.status, insync(node)) == ("completed", False)
    actions.abort(waiting.pk, by=operator)


@pytest.mark.parametrize("before", [True, False])
@pytest.mark.parametrize("fails", [True, False])
def test_validation_without_the_lock_says_what_it_has_found(
    operator: User, run_ready: RunReady, fails: bool, before: bool
) -> None:
    node = make.node()
    Subscription.objects.update(insync=before)
    if fails:
        definitions.failures.append(RuntimeError("drift"))

    process = on("look_at_node", node, operator)
    assert insync(node) is before
    run_ready()

    process.refresh_from_db()
    assert (process.status, insync(node)) == ("failed" if fails else "completed", not fails)


def test_without_the_lock_nothing_but_the_note_can_be_changed(operator: User, run_ready: RunReady) -> None:
    node = make.node()

    process = on("sneak_into_node", node, operator)
    run_ready()

    process.refresh_from_db()
    assert (process.status, process.error_class) == ("failed", NotLocked.__name__)
    assert get(node.subscription_id).node.ims_id == 1


def nothing() -> StepList:
    return begin


@pytest.mark.parametrize("option", ["usable_when", "needs_sync", "needs_lock"])
def test_create_has_no_subscription_that_could_be_needed(option: str) -> None:
    options: Any = {option: False}

    with pytest.raises(DefinitionError, match=f"Workflow nothing: a create workflow has no option {option}; it has "):
        create_workflow("Nothing", **options)(nothing)


def test_option_that_nobody_knows_is_refused_by_name() -> None:
    options: Any = {"on_abort": print}

    with pytest.raises(DefinitionError, match="Workflow nothing: a modify workflow has no option on_abort; it has "):
        modify_workflow("Nothing", **options)(nothing)
