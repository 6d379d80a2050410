"""Workflows that need no code of a site: order and end a subscription of any modelled product, and edit a note."""

from collections.abc import Generator, Iterator
from typing import Annotated, Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field
from pydantic_forms.core import FormPage

from processes.engine.kinds import StepList
from processes.engine.kinds.node import State
from processes.engine.steps import begin, done, step
from processes.engine.values.errors import StartRefused
from processes.forms import LongText, unchanged
from products.queries import current_schema
from products.schema import ScalarKind
from subscriptions import queries, tree
from subscriptions.lifecycle import SubscriptionLifecycle
from subscriptions.tree.subscription import LONGEST_DESCRIPTION
from subscriptions.workflows import Subscription, create_workflow, modify_workflow, terminate_workflow
from subscriptions.workflows.product_form import answer_of, customer_key, root_page, shown, summary_page

LIVE = frozenset(SubscriptionLifecycle) - {SubscriptionLifecycle.TERMINATED}
Pages = Generator[type[BaseModel], Any, State]


def create_form(product: UUID, product_name: str) -> Pages:
    """The customer and one page a root block, then a summary; gives `customer_id` and `values` by root."""
    schema = current_schema(product)
    customers = queries.customer_choices()
    if not queries.has_customers():
        raise StartRefused("There is no customer to deliver to; add one first.")
    given: dict[str, Any] = {}
    customer_id = ""
    for number, root in enumerate(schema.roots):
        asks = customers if number == 0 else None
        title = product_name if len(schema.roots) == 1 else f"{product_name}: {root.name}"
        page = yield root_page(schema, root, title=title, customers=asks, given=given)
        answers = page.model_dump(mode="json", by_alias=True)
        if asks is not None:
            customer_id = answers.pop(customer_key(schema, root))
        given[root.name] = answer_of(root, answers)
    lines = [("Customer", customers(customer_id).label), *shown(schema, given)]
    yield summary_page([one for one, _ in lines], [text for _, text in lines], title=f"Order {product_name}")
    return {"customer_id": customer_id, "values": given}


@step("Construct subscription", key="construct-subscription")
def construct_subscription(subscription: Subscription, values: dict[str, Any]) -> State:
    """Fills the subscription from the form, names it, and moves it to provisioning."""
    tree.fill(subscription, values, queries.block)
    subscription.description = describe(subscription)
    subscription.move_to(SubscriptionLifecycle.PROVISIONING)
    return {"subscription": subscription}


@create_workflow("Create subscription", form=create_form)
def create_subscription() -> StepList:
    """Orders any modelled product."""
    return begin >> construct_subscription >> done


def terminate_form(subscription_id: UUID) -> Pages:
    """Shows what is about to end."""
    subscription = queries.get(subscription_id)
    product = subscription.product
    lines = {"Subscription": subscription.description, "Product": product.name, "Status": str(subscription.status)}
    yield summary_page(list(lines), list(lines.values()), title="Terminate subscription")
    return {}


@terminate_workflow("Terminate subscription", form=terminate_form)
def terminate_subscription() -> StepList:
    """Ends a subscription of any modelled product."""
    return begin >> done


def note_form(subscription_id: UUID) -> Pages:
    """Asks for the note; an empty one takes it away."""
    subscription = queries.get(subscription_id)

    class NotePage(FormPage):
        model_config = ConfigDict(title=subscription.description)

        note: Annotated[LongText, Field(title="Note", max_length=5000)] | None = subscription.note
        seen: unchanged(subscription.note, name="note") = subscription.note  # type: ignore[valid-type]

    page = yield NotePage
    return {"note": page.note or None}


@step("Update note", key="update-note")
def update_note(subscription: Subscription, note: str | None) -> State:
    """Writes the note."""
    subscription.note = note
    return {"subscription": subscription}


@modify_workflow("Modify note", form=note_form, usable_when=LIVE, needs_sync=False, needs_lock=False)
def modify_note() -> StepList:
    """Edits the note of a subscription, whether it is in sync, or a process works on it, or not."""
    return begin >> update_note >> done


def describe(subscription: Subscription) -> str:
    """“<product> <first text>”, or the customer where no block holds a text."""
    name = next(_texts(subscription), None) or queries.customer_name(subscription.customer_id)
    return f"{subscription.product.name} {name}"[:LONGEST_DESCRIPTION]


def _texts(subscription: Subscription) -> Iterator[str]:
    for node in map(tree.node_of, tree.blocks_of(subscription)):
        for field in node.fields.values():
            if field.scalar and field.scalar.kind is ScalarKind.STRING and node.values.get(field.name):
                yield str(node.values[field.name])
