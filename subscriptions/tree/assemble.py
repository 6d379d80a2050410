"""Put a tree together: from stored records, or new as the model begins one."""

from collections.abc import Iterable

from subscriptions.tree.nodes import Node, Owner
from subscriptions.tree.records import Instance, Relation
from subscriptions.tree.subscription import ProductFacts, Subscription, mark_stored, root_of


def construct(owner: Owner, product: ProductFacts) -> Subscription:
    """A new subscription, version 0: own blocks that must be there, fewest members of lists, and defaults."""
    subscription = Subscription(owner, product, 0)
    root_of(subscription).fill()
    return subscription


def assemble(
    owner: Owner,
    product: ProductFacts,
    version: int,
    stored: Iterable[tuple[Instance, Owner]],
    relations: Iterable[Relation],
) -> Subscription:
    """A stored subscription, with all that its blocks refer to.

    `stored` holds each instance with the subscription that owns it, `relations` are in order of position. What the
    model no longer knows (a field, a place for a block) is left out.
    """
    subscription = Subscription(owner, product, version)
    nodes = {record.id: _node(record, of, owner) for record, of in stored if record.block in of.schema.blocks}
    root = root_of(subscription)
    for relation in relations:
        parent = root if relation.parent is None else nodes.get(relation.parent)
        child = nodes.get(relation.child)
        if parent is not None and child is not None and relation.attribute in parent.fields:
            parent.children.setdefault(relation.attribute, []).append(child)
    mark_stored(subscription, version)
    return subscription


def _node(record: Instance, of: Owner, ours: Owner) -> Node:
    is_own = of.subscription_id == ours.subscription_id
    node = Node.of_block(record.id, ours if is_own else of, of.schema.blocks[record.block], is_own=is_own)
    node.label = record.label
    known = {name: value for name, value in record.values.items() if name in node.fields}
    node.values.update({name: value for name, value in known.items() if node.fields[name].computed is None})
    return node
