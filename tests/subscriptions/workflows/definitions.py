"""Workflows of the tests, as an author writes them."""

import threading
from typing import Any
from uuid import UUID

from pydantic import BaseModel
from pydantic_forms.core import FormPage

from processes.engine import State, StepList, begin, done, step
from subscriptions import queries
from subscriptions.workflows import (
    Subscription,
    SubscriptionLifecycle,
    create_workflow,
    modify_workflow,
    reconcile_workflow,
    set_status,
    terminate_workflow,
    validate_workflow,
)

failures: list[Exception] = []
"""What `maybe_fail` raises next."""
gates: list[threading.Barrier] = []
"""Where the form of `meet_node` waits for others that fill it in."""


def node_form(product: UUID, product_name: str) -> Any:
    class NodePage(FormPage):
        customer_id: queries.customer_choices()  # type: ignore[valid-type]
        node_name: str

    page: BaseModel = yield NodePage
    return {**page.model_dump(), "asked_for": f"{product_name} {product}"}


@step("Construct node")
def construct_node(subscription: Subscription, node_name: str) -> State:
    subscription.node.node_name = node_name
    subscription.description = f"node {node_name}"
    subscription.move_to(SubscriptionLifecycle.PROVISIONING)
    return {"subscription": subscription}


@step("Maybe fail")
def maybe_fail(subscription: Subscription) -> State:
    if failures:
        raise failures.pop()
    subscription.node.ims_id = 12
    return {"subscription": subscription}


@create_workflow("Create node", form=node_form)
def create_node() -> StepList:
    return begin >> construct_node >> maybe_fail >> done


@step("Rename")
def rename(subscription: Subscription, new_name: str = "renamed") -> State:
    subscription.node.node_name = new_name
    return {"subscription": subscription, "others": [subscription]}


@modify_workflow("Rename node")
def rename_node() -> StepList:
    return (
        begin
        >> set_status(SubscriptionLifecycle.PROVISIONING)
        >> rename
        >> set_status(SubscriptionLifecycle.ACTIVE)
        >> done
    )


def edit_form(subscription_id: UUID) -> Any:
    """Asks for all of a node, filled with what it is."""
    node = queries.get(subscription_id).node

    class NodeFields(FormPage):
        node_name: str = node.node_name
        ims_id: int = node.ims_id
        tags: list[str] = list(node.tags or [])

    page: BaseModel = yield NodeFields
    return {"fields": page.model_dump()}


@step("Edit node")
def edit(subscription: Subscription, fields: dict[str, Any]) -> State:
    subscription.node.node_name = fields["node_name"]
    subscription.node.ims_id = fields["ims_id"]
    subscription.node.tags = fields["tags"]
    return {"subscription": subscription}


@modify_workflow("Edit node", form=edit_form)
def edit_node() -> StepList:
    return begin >> edit >> done


@step("Change and forget")
def forget(subscription: Subscription) -> None:
    subscription.node.ims_id = 99


@modify_workflow()
def forget_node() -> StepList:
    return begin >> forget


@step("Change another one")
def change_other(other: Subscription) -> State:
    other.node.ims_id = 99
    return {"other": other}


def other_form() -> Any:
    class OtherPage(FormPage):
        other: UUID

    page: BaseModel = yield OtherPage
    return page.model_dump()


@modify_workflow("Change another", form=other_form)
def change_another() -> StepList:
    return begin >> change_other


@step("Compare")
def compare(subscription: Subscription, maybe: Subscription | None = None) -> State:
    if failures:
        raise failures.pop()
    return {"name": subscription.node.node_name, "maybe": maybe}


@validate_workflow("Validate node")
def validate_node() -> StepList:
    return begin >> compare


@reconcile_workflow("Reconcile node")
def reconcile_node() -> StepList:
    return begin >> compare


@terminate_workflow("Terminate node")
def terminate_node() -> StepList:
    return begin >> done


def meeting_form() -> Any:
    class MeetingPage(FormPage):
        pass

    yield MeetingPage
    for gate in gates:
        gate.wait()
    return {}


@modify_workflow("Meet at a node", form=meeting_form)
def meet_node() -> StepList:
    return begin >> compare
