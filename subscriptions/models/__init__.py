"""Tables of the inventory: customers, subscriptions, block instances with relations, unique values, versions."""

from subscriptions.models.block import BlockInstance, InstanceRelation, UniqueValue
from subscriptions.models.customer import Customer
from subscriptions.models.subscription import Subscription, SubscriptionQuerySet, SubscriptionVersion

__all__ = [
    "BlockInstance",
    "Customer",
    "InstanceRelation",
    "Subscription",
    "SubscriptionQuerySet",
    "SubscriptionVersion",
    "UniqueValue",
]
