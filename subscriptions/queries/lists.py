"""Subscriptions as rows, and single facts about them and their customers."""

from uuid import UUID

from processes.access.viewer import seen
from subscriptions.lifecycle import SubscriptionLifecycle
from subscriptions.models import Customer, Subscription, SubscriptionQuerySet, UniqueValue
from subscriptions.queries.unseen import UNSEEN, unseen


def subscriptions(
    *, product_type: str | None = None, tag: str | None = None, status: SubscriptionLifecycle | str | None = None
) -> SubscriptionQuerySet:
    """Subscriptions by product type, product tag and status, in order of description; each has its product at hand."""
    asked = {"product__product_type": product_type, "product__tag": tag, "status": status}
    given = {name: value for name, value in asked.items() if value is not None}
    return seen(Subscription.objects.filter(**given)).select_related("product").order_by("description", "id")


def in_use_by(subscription_id: UUID) -> SubscriptionQuerySet:
    """Those whose blocks refer to a block of this one."""
    return Subscription.objects.users_of(subscription_id).order_by("description", "id")


def depends_on(subscription_id: UUID) -> SubscriptionQuerySet:
    """Those that own a block which this one refers to."""
    return Subscription.objects.used_by(subscription_id).order_by("description", "id")


def customer_name(customer_id: str) -> str:
    """The full name of a customer. Raises `Customer.DoesNotExist`."""
    return Customer.objects.values_list("fullname", flat=True).get(pk=customer_id)


def has_customers() -> bool:
    """Whether there is anybody to deliver to."""
    return Customer.objects.exists()


def holder_of(scope: str, digest: str) -> str | None:
    """The description of the subscription that holds a unique value, by its `unique_key`; None when it is free.

    To who may not see it is only told that there is one.
    """
    rows = UniqueValue.objects.filter(scope=scope, digest=digest)
    holder = rows.values_list("instance__subscription", "instance__subscription__description").first()
    if holder is None:
        return None
    key, description = holder
    return UNSEEN if unseen([key]) else description
