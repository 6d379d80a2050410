"""Workflows whose forms and input steps read the subscription that they are about."""

from collections.abc import Generator
from typing import Any

from pydantic import ConfigDict
from pydantic_forms.core import FormPage

from processes.engine import State, StepList, begin, input_step
from subscriptions.workflows import Subscription, modify_workflow


def id_form(subscription: Subscription) -> Generator[Any, Any, State]:
    class IdPage(FormPage):
        model_config = ConfigDict(title=f"Which id has {subscription.node.node_name}?")

        ims_id: int

    page = yield IdPage
    return {"ims_id": page.ims_id}


@input_step("Confirm")
def confirm(subscription: Subscription, ims_id: int) -> Generator[Any, Any, State]:
    class ConfirmPage(FormPage):
        model_config = ConfigDict(title=f"Is {ims_id} right for {subscription.node.node_name}?")

        sure: bool

    page = yield ConfirmPage
    return {"sure": page.sure}


@modify_workflow("Ask about a node", form=id_form)
def ask_about_node() -> StepList:
    return begin >> confirm


def careless_form(subscription: Subscription) -> Generator[Any, Any, State]:
    subscription.node.ims_id = 3
    yield FormPage
    return {}


@modify_workflow("Change in a form", form=careless_form)
def change_in_form() -> StepList:
    return begin
