"""A process that is about several subscriptions: locked, checked, saved and listed together, or not at all."""

from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.contrib.auth.models import User
from django.test import Client
from pytest_django import Settings
from rest_framework.test import APIClient

from processes import actions
from processes.engine import DefinitionError, ProcessStatus, StartRefused, StepList, Target, begin, run_in_memory
from processes.models import Process, ResourceLock
from products.models import Product
from subscriptions.actions import mark_out_of_sync
from subscriptions.models import Subscription
from subscriptions.queries import get
from subscriptions.workflows import CreateRefused, create, modify_workflow, task
from tests.factories import subscriptions as make
from tests.subscriptions.conftest import RunReady, offer
from tests.subscriptions.workflows import several

pytestmark = pytest.mark.usefixtures("several_offered")


@pytest.fixture
def several_offered(offered: None, settings: Settings) -> None:
    several.failures.clear()
    modify = ("pair_nodes", "pair_any", "spawn_node", "spawn_and_forget")
    offer(settings, "unlocked", wait_at_node=Target.MODIFY)
    offer(settings, "several", **dict.fromkeys(modify, Target.MODIFY), create_beside=Target.CREATE)


def pair(node: Any, operator: User, workflow: str = "pair_nodes", **others: Any) -> Process:
    page = {
        name: [str(one) for one in value] if isinstance(value, list) else str(value) for name, value in others.items()
    }
    return actions.start(workflow, [{"subscription_id": str(node.subscription_id)}, page], by=operator)


def flags() -> set[tuple[str, bool]]:
    return set(Subscription.objects.values_list("description", "insync"))


def test_further_subscriptions_are_locked_listed_saved_and_let_go(
    operator: User, run_ready: RunReady, api: Callable[..., APIClient], client: Client
) -> None:
    one, two, three = (make.node(name) for name in "abc")

    process = pair(one, operator, other=two.subscription_id, more=[three.subscription_id, one.subscription_id])

    assert flags() == {("node a", False), ("node b", False), ("node c", False)}
    ids = [str(each.subscription_id) for each in (one, two, three)]
    assert set(ResourceLock.objects.values_list("resource", flat=True)) == {f"subscription:{each}" for each in ids}
    assert sorted(process.subjects.values_list("subject_id", flat=True)) == sorted(ids)
    for each in ids:
        listed = api(operator).get("/api/processes/", {"subscription_id": each}).json()
        assert [row["process_id"] for row in listed] == [str(process.pk)]
    assert {subject["label"] for subject in listed[0]["subjects"]} == {"node a", "node b", "node c"}
    client.force_login(operator)
    assert all(label in client.get(f"/processes/{process.pk}/").content.decode() for label in ("node b", "node c"))
    run_ready()
    assert {insync for _, insync in flags()} == {True}
    assert [get(each).node.ims_id for each in ids[1:]] == [101, 102]
    assert not ResourceLock.objects.exists()


def test_failure_leaves_all_out_of_sync_and_a_retry_takes_all_locks_again(operator: User, run_ready: RunReady) -> None:
    one, two = make.node("a"), make.node("b")
    several.failures.append(RuntimeError("no"))
    process = pair(one, operator, other=two.subscription_id)
    run_ready()
    assert flags() == {("pair 0", False), ("pair 1", False)}
    holder = actions.start("validate_node", [{"subscription_id": str(two.subscription_id)}], by=operator)

    with pytest.raises(actions.LockHeld, match="“pair 1” is locked by validate_node"):
        actions.retry(process.pk, by=operator)
    actions.abort(holder.pk, by=operator)
    actions.retry(process.pk, by=operator)
    run_ready()

    assert flags() == {("pair 0", True), ("pair 1", True)}


def refusal(operator: User, node: Any, other: object, workflow: str = "pair_nodes") -> str:
    before = flags()
    with pytest.raises((StartRefused, actions.LockHeld)) as refused:
        pair(node, operator, workflow, other=other)
    assert flags() == before
    assert not Process.objects.filter(workflow_name=workflow).exists()
    return str(refused.value)


def test_further_one_that_is_not_allowed_refuses_the_start_in_words(operator: User) -> None:
    node, other, gone = make.node("a"), make.node("b"), make.node("c", status="terminated")
    Subscription.objects.filter(pk=other.subscription_id).update(customer=make.customer("Another", "AN"))
    odd = make.node("d")
    mark_out_of_sync(odd.subscription_id)
    unknown = uuid4()

    assert refusal(operator, node, gone.subscription_id) == (
        "other, “node c”: The subscription is terminated; this can be started when it is active."
    )
    assert refusal(operator, node, other.subscription_id) == "other, “node b”: It belongs to another customer."
    assert refusal(operator, node, odd.subscription_id) == "other, “node d”: The subscription is out of sync."
    assert refusal(operator, node, unknown) == f"other: There is no subscription {unknown}."
    pair(node, operator, "pair_any", other=other.subscription_id)


def test_further_one_that_a_process_works_on_names_it(operator: User, api: Callable[..., APIClient]) -> None:
    node, other = make.node("a"), make.node("b")
    holder = actions.start("wait_at_node", [{"subscription_id": str(other.subscription_id)}], by=operator)
    body = [{"subscription_id": str(node.subscription_id)}, {"other": str(other.subscription_id)}]

    answer = api(operator).post("/api/processes/pair_nodes", body)

    assert answer.status_code == 409
    assert answer.json()["detail"] == f"“node b” is locked by wait_at_node ({holder.pk}), which is created."
    assert answer.json()["blockers"][0]["id"] == str(holder.pk)


def test_create_is_checked_before_anything_is_made(operator: User) -> None:
    other = make.node("b")
    Subscription.objects.filter(pk=other.subscription_id).update(customer=make.customer("Another", "AN"))
    product = {"product": str(make.product("node").pk)}
    page = {"customer_id": str(make.customer().pk), "other": str(other.subscription_id)}

    with pytest.raises(StartRefused, match="It belongs to another customer"):
        actions.start("create_beside", [product, page], by=operator)
    assert Subscription.objects.count() == 1
    actions.start("create_beside", [product, {**page, "customer_id": str(make.customer("Another").pk)}], by=operator)

    assert Process.objects.get().subjects.count() == 2


def test_task_reads_any_subscription_and_changes_none(operator: User, run_ready: RunReady) -> None:
    nodes = [str(make.node(name).subscription_id) for name in "ab"]
    reading = actions.start("read_nodes", [{"nodes": nodes}], by=operator)
    sneaking = actions.start("sneak_into_nodes", [{"nodes": nodes}], by=operator)

    run_ready()

    reading.refresh_from_db()
    sneaking.refresh_from_db()
    assert (reading.status, reading.is_task, reading.subjects.count()) == ("completed", True, 0)
    assert (sneaking.status, sneaking.error_class) == ("failed", "BlockReadOnly")
    assert flags() == {("node a", True), ("node b", True)}


def test_task_changes_those_that_it_names(operator: User, run_ready: RunReady) -> None:
    nodes = [make.node(name).subscription_id for name in "ab"]

    process = actions.start("change_nodes", [{"nodes": [str(one) for one in nodes]}], by=operator)
    run_ready()

    process.refresh_from_db()
    assert (process.status, process.subjects.count()) == ("completed", 2)
    assert [get(one).node.ims_id for one in nodes] == [55, 55]
    assert flags() == {("node a", True), ("node b", True)}


def spawn(node: Any, operator: User, **answers: str) -> Process:
    return actions.start("spawn_node", [{"subscription_id": str(node.subscription_id)}, answers], by=operator)


def spawned(process: Process) -> Subscription:
    return Subscription.objects.get(pk=UUID(process.subjects.last().subject_id))  # type: ignore[union-attr]


def test_created_one_is_there_with_its_commit_locked_and_listed(operator: User, run_ready: RunReady) -> None:
    node = make.node("a")
    process = spawn(node, operator)
    assert Subscription.objects.count() == 1

    run_ready()

    process.refresh_from_db()
    new = spawned(process)
    assert (new.description, new.status, new.insync, new.version) == ("node spawned", "initial", False, 1)
    assert set(ResourceLock.objects.values_list("resource", flat=True)) == set(process.lock_keys)
    assert f"subscription:{new.pk}" in process.lock_keys
    actions.answer(process.pk, [{}], by=operator)
    run_ready()
    process.refresh_from_db()
    new.refresh_from_db()
    assert (process.status, new.status, new.insync, get(new.pk).node.ims_id) == ("completed", "active", True, 7)


def test_abort_ends_what_was_only_begun(operator: User, run_ready: RunReady) -> None:
    process = spawn(make.node("a"), operator)
    run_ready()

    actions.abort(process.pk, by=operator)

    new = spawned(process)
    assert (new.status, new.insync) == ("terminated", True)
    assert flags() == {("node a", False), ("node spawned", True)}
    assert not ResourceLock.objects.exists()


def test_step_that_fails_after_it_keeps_its_locks_for_the_retry(operator: User, run_ready: RunReady) -> None:
    process = spawn(make.node("a"), operator)
    run_ready()
    several.failures.append(RuntimeError("no"))
    actions.answer(process.pk, [{}], by=operator)
    run_ready()
    assert not ResourceLock.objects.exists()

    actions.retry(process.pk, by=operator)
    run_ready()

    assert (spawned(process).status, spawned(process).insync) == ("active", True)


@pytest.mark.parametrize(
    ("answers", "told"),
    [
        ({"product": "ship"}, "There is no product ship."),
        ({"product": "retired"}, "“retired” cannot be ordered: its status is end of life."),
        ({"name": "a"}, "node_name must be unique"),
    ],
)
def test_create_that_is_refused_leaves_nothing(
    operator: User, run_ready: RunReady, answers: dict[str, str], told: str
) -> None:
    node = make.node("a")
    Product.objects.filter(name="port 10G").update(name="retired", status="end of life")

    process = spawn(node, operator, **answers)
    run_ready()

    process.refresh_from_db()
    assert process.status == "failed"
    assert told in (process.failed_reason or "")
    assert (Subscription.objects.count(), process.subjects.count(), len(process.lock_keys)) == (1, 1, 1)


def test_created_and_not_returned_fails_the_step(operator: User, run_ready: RunReady) -> None:
    node = make.node("a")
    process = actions.start("spawn_and_forget", [{"subscription_id": str(node.subscription_id)}], by=operator)
    run_ready()

    process.refresh_from_db()
    assert (process.status, process.error_class) == ("failed", "ChangedNotReturned")
    assert Subscription.objects.count() == 1


def test_create_outside_of_a_step_is_refused(operator: User, run_ready: RunReady) -> None:
    several.failures.append(RuntimeError("no"))
    pair(make.node("a"), operator)
    run_ready()

    with pytest.raises(CreateRefused, match="is created in a step"):
        create("node", customer_id=make.customer().pk)


def test_memory_creates_and_locks_as_the_database_does(operator: User) -> None:
    node = make.node("a")
    state = {
        "subscription_id": str(node.subscription_id),
        "what": "node",
        "name": "m",
        "customer": str(node.customer_id),
    }

    run = run_in_memory(several.spawn_node, state=state, inputs=[{}])

    assert run.status is ProcessStatus.COMPLETED, run.error
    new = get(run.state["spawned"]["subscription_id"])
    assert (new.description, new.status, new.insync) == ("node m", "active", True)


def nothing() -> StepList:
    return begin


@pytest.mark.parametrize("also", [5, "no key", [None], lambda client, /: client])
def test_further_ones_that_mean_nothing_are_refused_when_loaded(also: Any) -> None:
    for decorate in (modify_workflow, task):
        with pytest.raises(DefinitionError, match="Workflow nothing: its also "):
            decorate("Nothing", also=also)(nothing)
