"""Ask about subscriptions and their products. A door for authors of workflows; nothing here writes.

Not here: words of REST (`subscriptions.api.rows`) and of pages (`subscriptions.display`). The rule: a fixed number of
statements, however large the tree or the list. Begin with `loading`.
"""

from products.queries import current_schema, orderable
from subscriptions.queries.choices import block_choices, choice, customer_choices, subscription_choices
from subscriptions.queries.lists import customer_name, depends_on, has_customers, in_use_by, subscriptions
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
    "has_customers",
    "in_use_by",
    "orderable",
    "startable",
    "subscription_choices",
    "subscriptions",
]
