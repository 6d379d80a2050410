"""Workflows that work on several subscriptions: further ones of the answers, and ones that a step creates."""

from collections.abc import Generator
from typing import Any
from uuid import UUID

from pydantic_forms.core import FormPage

from processes.engine import State, StepList, begin, step
from subscriptions import queries
from subscriptions.workflows import (
    Also,
    Subscription,
    SubscriptionLifecycle,
    create,
    create_workflow,
    modify_workflow,
    task,
)
from tests.subscriptions.workflows.unlocked import wait

failures: list[Exception] = []
"""What the last step of `pair_nodes` or `spawn_node` raises next."""


def other_form() -> Generator[Any, Any, State]:
    class OtherPage(FormPage):
        other: UUID | None = None
        more: list[UUID] = []

    page = yield OtherPage
    answers: State = page.model_dump()
    return answers


@step("Rename all")
def rename_all(subscription: Subscription, other: Subscription | None, more: list[Subscription]) -> State:
    for number, one in enumerate([subscription, *([other] if other else []), *more]):
        one.node.ims_id = 100 + number
        one.description = f"pair {number}"
    return {"subscription": subscription, "other": other, "more": more}


@step("Maybe fail last")
def maybe_fail_last() -> None:
    if failures:
        raise failures.pop()


@modify_workflow("Pair nodes", form=other_form, also=["other", "more"])
def pair_nodes() -> StepList:
    return begin >> rename_all >> maybe_fail_last


def told(state: State) -> list[str]:
    return [state["other"]]


@modify_workflow("Pair any nodes", form=other_form, also=Also(told, of_any_customer=True, needs_sync=False))
def pair_any() -> StepList:
    return begin >> rename_all


@step("Look at all")
def look_at_all(nodes: list[Subscription]) -> State:
    return {"names": [one.node.node_name for one in nodes]}


@step("Change all")
def change_all(nodes: list[Subscription]) -> State:
    for one in nodes:
        one.node.ims_id = 55
    return {"nodes": nodes}


def nodes_form() -> Generator[Any, Any, State]:
    class NodesPage(FormPage):
        nodes: list[UUID]

    page = yield NodesPage
    answers: State = page.model_dump()
    return answers


@task("Read nodes", form=nodes_form)
def read_nodes() -> StepList:
    return begin >> look_at_all


@task("Sneak into nodes", form=nodes_form)
def sneak_into_nodes() -> StepList:
    return begin >> change_all


@task("Change nodes", form=nodes_form, also="nodes")
def change_nodes() -> StepList:
    return begin >> change_all


def spawn_form(subscription: Subscription) -> Generator[Any, Any, State]:
    class SpawnPage(FormPage):
        product: str = "node"
        name: str = "spawned"

    page = yield SpawnPage
    return {"what": page.product, "name": page.name, "customer": str(subscription.customer_id)}


@step("Spawn", key="spawn")
def spawn(what: str, name: str, customer: str) -> State:
    spawned = create(what, customer_id=customer)
    spawned.node.node_name = name
    spawned.description = f"node {name}"
    return {"spawned": spawned}


@step("Finish", key="finish")
def finish(spawned: Subscription) -> State:
    if failures:
        raise failures.pop()
    spawned.node.ims_id = 7
    spawned.move_to(SubscriptionLifecycle.PROVISIONING)
    spawned.move_to(SubscriptionLifecycle.ACTIVE)
    return {"spawned": spawned}


@modify_workflow("Spawn a node", form=spawn_form)
def spawn_node() -> StepList:
    return begin >> spawn >> wait >> finish


@step("Forget it", key="forget-it")
def forget_it(customer_id: str) -> None:
    create("node", customer_id=customer_id)


@modify_workflow("Spawn and forget")
def spawn_and_forget() -> StepList:
    return begin >> forget_it


def own_form(product: str) -> Generator[Any, Any, State]:
    class OwnPage(FormPage):
        customer_id: queries.customer_choices()  # type: ignore[valid-type]
        other: UUID

    page = yield OwnPage
    answers: State = page.model_dump()
    return answers


@create_workflow("Create beside", form=own_form, also="other")
def create_beside() -> StepList:
    return begin >> wait
