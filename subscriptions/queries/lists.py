"""Subscriptions as rows, and choices of them and of customers for forms."""

from collections import Counter
from typing import cast
from uuid import UUID

from pydantic_forms.validators import Choice

from subscriptions.lifecycle import SubscriptionLifecycle
from subscriptions.models import BlockInstance, Customer, Subscription, SubscriptionQuerySet, UniqueValue


def subscriptions(
    *, product_type: str | None = None, tag: str | None = None, status: SubscriptionLifecycle | str | None = None
) -> SubscriptionQuerySet:
    """Subscriptions by product type, product tag and status, in order of description; each has its product at hand."""
    asked = {"product__product_type": product_type, "product__tag": tag, "status": status}
    given = {name: value for name, value in asked.items() if value is not None}
    return Subscription.objects.filter(**given).select_related("product").order_by("description", "id")


def in_use_by(subscription_id: UUID) -> SubscriptionQuerySet:
    """Those whose blocks refer to a block of this one."""
    return Subscription.objects.users_of(subscription_id).order_by("description", "id")


def depends_on(subscription_id: UUID) -> SubscriptionQuerySet:
    """Those that own a block which this one refers to."""
    return Subscription.objects.used_by(subscription_id).order_by("description", "id")


def customer_choices() -> type[Choice]:
    """A choice of customer ids, shown by full name and in its order."""
    rows = Customer.objects.order_by("fullname").values_list("id", "fullname")
    return choice("CustomerChoice", {str(customer_id): fullname for customer_id, fullname in rows})


def customer_name(customer_id: UUID) -> str:
    """The full name of a customer. Raises `Customer.DoesNotExist`."""
    return Customer.objects.values_list("fullname", flat=True).get(pk=customer_id)


def subscription_choices(
    *,
    product_type: str | None = None,
    tag: str | None = None,
    status: SubscriptionLifecycle | str = SubscriptionLifecycle.ACTIVE,
) -> type[Choice]:
    """A choice of subscription ids, shown by description and in its order."""
    rows = subscriptions(product_type=product_type, tag=tag, status=status).values_list("id", "description")
    return choice("SubscriptionChoice", {str(subscription_id): description for subscription_id, description in rows})


def block_choices(
    *blocks: str, status: SubscriptionLifecycle | str = SubscriptionLifecycle.ACTIVE, name: str = "BlockChoice"
) -> type[Choice]:
    """A choice of block instances of these kinds, shown by the description of the subscription that owns them.

    Where one subscription owns several of them, the label of the instance, or part of its id, follows.
    """
    rows = BlockInstance.objects.filter(block_name__in=blocks, subscription__status=status)
    found = list(
        rows.order_by("subscription__description", "id").values_list("id", "subscription__description", "label")
    )
    times = Counter(description for _, description, _ in found)
    options = {
        str(instance_id): description if times[description] == 1 else f"{description} ({label or str(instance_id)[:8]})"
        for instance_id, description, label in found
    }
    return choice(name, options)


def holder_of(scope: str, digest: str) -> str | None:
    """The description of the subscription that holds a unique value, by its `unique_key`; None when it is free."""
    rows = UniqueValue.objects.filter(scope=scope, digest=digest)
    return rows.values_list("instance__subscription__description", flat=True).first()


def choice(name: str, options: dict[str, str]) -> type[Choice]:
    """A choice type of values with the labels that people see; values may be any text."""
    members = {f"option_{number}": option for number, option in enumerate(options.items())}
    return cast("type[Choice]", Choice.__call__(name, members))
