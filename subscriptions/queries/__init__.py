"""Ask about subscriptions and their products. A door for authors of workflows; nothing here writes."""

from products.queries import current_schema, orderable
from subscriptions.queries.lists import (
    block_choices,
    choice,
    customer_choices,
    customer_name,
    depends_on,
    in_use_by,
    subscription_choices,
    subscriptions,
)
from subscriptions.queries.loading import UnknownBlock, UnknownSubscription, block, get
from subscriptions.queries.starting import StartOption, startable

__all__ = [
    "StartOption",
    "UnknownBlock",
    "UnknownSubscription",
    "block",
    "block_choices",
    "choice",
    "current_schema",
    "customer_choices",
    "customer_name",
    "depends_on",
    "get",
    "in_use_by",
    "orderable",
    "startable",
    "subscription_choices",
    "subscriptions",
]
