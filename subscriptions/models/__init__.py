"""Tables of the inventory: customers, subscriptions, block instances with relations, unique values, versions, verdicts
of validations.

Not here: who writes them (`subscriptions.actions`). The rule: a row of the history is never changed. Begin with
`subscription`, then `block`.
"""

from subscriptions.models.block import BlockInstance, InstanceRelation, UniqueValue, unique_key
from subscriptions.models.customer import Customer
from subscriptions.models.subscription import Subscription, SubscriptionQuerySet, SubscriptionVersion
from subscriptions.models.validation import Validation

__all__ = [
    "BlockInstance",
    "Customer",
    "InstanceRelation",
    "Subscription",
    "SubscriptionQuerySet",
    "SubscriptionVersion",
    "UniqueValue",
    "Validation",
    "unique_key",
]
