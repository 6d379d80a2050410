"""A subscription as authors see it: typed values, nested blocks, references; what changed since it was loaded. Pure.

Not here: where it is stored (`subscriptions.queries.loading`, `subscriptions.actions.saving`). The rule: an assignment
is checked when it is made, and what changed is known without asking anybody. Begin with `subscription`, then `nodes`.
"""

from subscriptions.tree.assemble import assemble, construct
from subscriptions.tree.block import Block, node_of
from subscriptions.tree.compare import Change, differences
from subscriptions.tree.errors import (
    BlockNotAllowed,
    BlockReadOnly,
    BrokenRule,
    ComputedField,
    RulesBroken,
    TreeError,
    UnknownField,
    ValueRefused,
    ValuesMissing,
)
from subscriptions.tree.filling import fill
from subscriptions.tree.migration import Migrated, migrate
from subscriptions.tree.nodes import Node, Owner, reached_nodes
from subscriptions.tree.records import Changes, Header, Instance, Relation
from subscriptions.tree.rules import broken_rules, check_rules, refresh_users
from subscriptions.tree.subscription import (
    Mark,
    ProductFacts,
    Subscription,
    blocks_of,
    changes_of,
    check_complete,
    fill_dates,
    foreign_blocks,
    mark_of,
    mark_stored,
    put_back,
    read_only,
    records_of,
    root_of,
    set_insync,
    take_note,
)

__all__ = [
    "Block",
    "BlockNotAllowed",
    "BlockReadOnly",
    "BrokenRule",
    "Change",
    "Changes",
    "ComputedField",
    "Header",
    "Instance",
    "Mark",
    "Migrated",
    "Node",
    "Owner",
    "ProductFacts",
    "Relation",
    "RulesBroken",
    "Subscription",
    "TreeError",
    "UnknownField",
    "ValueRefused",
    "ValuesMissing",
    "assemble",
    "blocks_of",
    "broken_rules",
    "changes_of",
    "check_complete",
    "check_rules",
    "construct",
    "differences",
    "fill",
    "fill_dates",
    "foreign_blocks",
    "mark_of",
    "mark_stored",
    "migrate",
    "node_of",
    "put_back",
    "reached_nodes",
    "read_only",
    "records_of",
    "refresh_users",
    "root_of",
    "set_insync",
    "take_note",
]
