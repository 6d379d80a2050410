"""Workflows that need the lock of their subscription for long, and others that do not need it."""

from collections.abc import Generator
from typing import Any

from pydantic_forms.core import FormPage

from processes.engine import State, StepList, begin, input_step, step
from subscriptions.workflows import Subscription, modify_workflow, validate_workflow
from tests.subscriptions.workflows.definitions import compare


@input_step("Wait")
def wait() -> Generator[Any, Any, State]:
    yield FormPage
    return {}


@step("Change")
def change(subscription: Subscription) -> State:
    subscription.node.ims_id = 5
    return {"subscription": subscription}


@modify_workflow("Wait at a node")
def wait_at_node() -> StepList:
    return begin >> wait >> change


@validate_workflow("Look at a node", needs_lock=False)
def look_at_node() -> StepList:
    return begin >> compare


@modify_workflow("Sneak into a node", needs_sync=False, needs_lock=False)
def sneak_into_node() -> StepList:
    return begin >> change
