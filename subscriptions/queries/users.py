"""Find the blocks that refer to blocks, for rules and computed values which ask; nothing is asked for other models."""

from collections.abc import Sequence
from uuid import UUID

import orjson

from processes.store.statements import Statement, uuid
from products.queries import schema_of
from subscriptions import tree
from subscriptions.lifecycle import SubscriptionLifecycle

_USERS = Statement(
    postgresql="""
SELECT r.child_id, i.id, i.subscription_id, i.block_name, i.label, i."values", s.description, s.status,
       s.product_version_id
FROM subscriptions_instancerelation r
JOIN subscriptions_blockinstance i ON i.id = r.parent_id
JOIN subscriptions_subscription s ON s.id = i.subscription_id
WHERE r.child_id = ANY(%(ids)s) AND i.subscription_id <> (
    SELECT c.subscription_id FROM subscriptions_blockinstance c WHERE c.id = r.child_id
) AND s.status <> 'terminated'
ORDER BY r.id
""",
    sqlite="""
SELECT r.child_id, i.id, i.subscription_id, i.block_name, i.label, i."values", s.description, s.status,
       s.product_version_id
FROM subscriptions_instancerelation r
JOIN subscriptions_blockinstance i ON i.id = r.parent_id
JOIN subscriptions_subscription s ON s.id = i.subscription_id
WHERE r.child_id IN (SELECT value FROM json_each(%(ids)s)) AND i.subscription_id <> (
    SELECT c.subscription_id FROM subscriptions_blockinstance c WHERE c.id = r.child_id
) AND s.status <> 'terminated'
ORDER BY r.id
""",
)


def attach_users(subscriptions: Sequence[tree.Subscription]) -> None:
    """Give the blocks of these trees that ask for it the live blocks which refer to them, in one query or none.

    Of a block that refers, the values are there, and no blocks below it.
    """
    roots = [tree.root_of(subscription) for subscription in subscriptions]
    asking = [node for root in roots for node in tree.reached_nodes(root) if node.id and node.asks_for_users]
    if not asking:
        return
    found: dict[UUID, list[tree.Node]] = {}
    for child, pk, of, block, label, values, description, status, model in _USERS.rows(
        {node.id for node in asking if node.id}
    ):
        schema = schema_of(uuid(model))
        if block in schema.blocks:
            owner = tree.Owner(uuid(of), schema, description, SubscriptionLifecycle(status))
            user = tree.Node.of_block(uuid(pk), owner, schema.blocks[block], is_own=False)
            user.label = label
            user.values.update(orjson.loads(values))
            found.setdefault(uuid(child), []).append(user)
    for node in asking:
        node.used_by = found.get(node.id, []) if node.id else []
    for root in roots:
        tree.refresh_users(root)
