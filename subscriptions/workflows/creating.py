"""Make a further subscription in a step: known to it at once, there with its commit, gone with its failure."""

from contextvars import ContextVar
from dataclasses import dataclass, field
from uuid import UUID, uuid5
from weakref import ref

from processes.engine.binding import StepRun
from processes.engine.values.errors import StartRefused
from products.models import Product
from products.queries import current_version, schema_of
from subscriptions import tree
from subscriptions.lifecycle import SubscriptionLifecycle
from subscriptions.models import Customer
from subscriptions.workflows.start_form import check_orderable

_IDS = UUID("0f6b8a56-5b6c-4a55-9a3e-6f0a4a2f7b61")


class CreateRefused(ValueError):
    """A subscription that a step wants to create cannot be; the message says why."""

    retryable = False


@dataclass
class Creations:
    """What one try of a step creates; ids follow from the step, and are the same in every try."""

    run: StepRun
    made: dict[UUID, tree.Subscription] = field(default_factory=dict)

    def next_id(self) -> UUID:
        return uuid5(_IDS, f"{self.run.process_id}/{self.run.path}/{self.run.visit}/{len(self.made)}")


_step: ContextVar["ref[Creations] | None"] = ContextVar("the step that may create", default=None)
"""A weak one: whatever becomes of a step, nobody creates for it once its session is gone."""


def create(product: str | UUID, *, customer_id: str | UUID) -> tree.Subscription:
    """A new subscription of a product, by its name or id, in status initial; return it to have it saved.

    Its id is known at once and the same in every try of the step. It exists with the commit of the step, is locked and
    listed with the process from then on, and in sync when that completes; an abort terminates it while it is still
    initial. Raises `CreateRefused` when the product cannot be ordered, there is no such customer, or no step runs.
    """
    step = _step.get()
    running = step() if step is not None else None
    if running is None:
        raise CreateRefused("A subscription is created in a step of a workflow of subscriptions, and none runs here.")
    found, customer = _orderable(product, by=running.run.by), _customer(customer_id)
    subscription_id, schema = running.next_id(), schema_of(current_version(found.pk).pk)
    facts = tree.ProductFacts(
        found.pk, found.name, found.product_type, found.tag, found.status, found.description, schema
    )
    owner = tree.Owner(
        subscription_id, schema, found.name, SubscriptionLifecycle.INITIAL, insync=False, customer_id=customer.pk
    )
    running.made[subscription_id] = tree.construct(owner, facts)
    return running.made[subscription_id]


def begin_step(creations: Creations) -> None:
    """From now on `create` makes subscriptions of this step."""
    _step.set(ref(creations))


def end_step() -> None:
    """Nothing is created any more."""
    _step.set(None)


def _orderable(product: str | UUID, *, by: str) -> Product:
    """The product of this name or id. Raises `CreateRefused` unless it can be ordered by the user of this name."""
    wanted = {"pk": product} if isinstance(product, UUID) else {"name": product}
    found = Product.objects.filter(**wanted).first()
    if found is None:
        raise CreateRefused(f"There is no product {product}.")
    try:
        check_orderable(found, by)
    except StartRefused as refused:
        raise CreateRefused(refused.reason) from refused
    return found


def _customer(customer_id: object) -> Customer:
    customer = Customer.objects.filter(pk=str(customer_id)).first()
    if customer is None:
        raise CreateRefused(f"There is no customer {customer_id}.")
    return customer
