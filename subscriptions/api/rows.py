"""Subscriptions in the words of REST: rows of a list, and one whole tree."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from processes.store.statements import uuid
from subscriptions import tree
from subscriptions.queries import statements
from subscriptions.queries.listed import ListedSubscription, listed
from subscriptions.queries.loading import load
from subscriptions.queries.unseen import unseen
from subscriptions.queries.validations import Verdicts

_OWN = ("description", "status", "insync", "customer_id", "note", "start_date", "end_date", "version")

Relations = Mapping[UUID, Sequence[tuple[UUID, UUID]]]
"""By block those that refer to it: instance, and the subscription that it belongs to."""
_NOTHING = dict.fromkeys(("subscription_instance_id", "owner_subscription_id", "name", "label"))


def list_rows(ids: Sequence[UUID]) -> list[dict[str, Any]]:
    """The subscriptions of these ids, in this order, by one query."""
    return [_list_row(subscription) for subscription in listed(ids)]


def domain_model(subscription_id: UUID | str) -> dict[str, Any]:
    """The whole subscription: its own properties, `product`, fixed inputs, and its blocks, nested, in three queries.

    Each block has `subscription_instance_id`, `owner_subscription_id`, `name`, `label`, its fields, and of its users
    `in_use_by_ids` (instances) and `in_use_by_relations`. A block of another subscription is nested like one's own; one
    that leads back to where it came from is left at its ids. Of what whoever looks may not see is told that it is
    there: `hidden` in place of a block, `in_use_by_hidden` beside the users; one query more then.
    Raises `UnknownSubscription`.
    """
    subscription = load(subscription_id)
    root = tree.root_of(subscription)
    nodes = tree.reached_nodes(root)
    users = _users([node.id for node in nodes if node.id is not None])
    owners = {node.owner.subscription_id for node in nodes} | {owner for some in users.values() for _, owner in some}
    around = _Around(users, unseen(owners - {subscription.subscription_id}))
    return {
        "subscription_id": subscription.subscription_id,
        **{name: getattr(subscription, name) for name in _OWN},
        "product": _product(subscription.product),
        **{fixed.name: fixed.value for fixed in subscription.product.schema.inputs},
        **around.fields(root),
    }


def validation_rows(verdicts: Verdicts) -> list[dict[str, Any]]:
    """The last verdict of each validation, with its differences."""
    return [
        {
            "workflow_name": one.workflow_name,
            "process_id": one.process_id,
            "validated_at": one.at,
            "differences": one.differences,
        }
        for one in verdicts.validations
    ]


def _list_row(subscription: ListedSubscription) -> dict[str, Any]:
    return {
        "subscription_id": subscription.id,
        "description": subscription.description,
        "status": subscription.status,
        "insync": subscription.insync,
        "customer_id": subscription.customer_id,
        "product_id": subscription.product_id,
        "note": subscription.note,
        "start_date": subscription.start_date,
        "end_date": subscription.end_date,
        "version": subscription.version,
        "product": {
            "product_id": subscription.product_id,
            "name": subscription.product_name,
            "description": subscription.product_description,
            "product_type": subscription.product_type,
            "tag": subscription.product_tag,
            "status": subscription.product_status,
            "created_at": subscription.product_created_at,
            "end_date": subscription.product_end_date,
        },
        "customer": {
            "customer_id": subscription.customer_id,
            "fullname": subscription.customer_fullname,
            "shortcode": subscription.customer_shortcode,
        },
    }


def _product(product: tree.ProductFacts) -> dict[str, Any]:
    return {
        "product_id": product.product_id,
        "name": product.name,
        "description": product.description,
        "product_type": product.product_type,
        "tag": product.tag,
        "status": product.status,
    }


@dataclass(frozen=True)
class _Around:
    """Who uses the blocks of a tree, by block, and the owners of whom nothing is told but that they are there."""

    users: Relations
    hidden: frozenset[UUID]

    def fields(self, node: tree.Node, path: frozenset[UUID] = frozenset()) -> dict[str, Any]:
        written: dict[str, Any] = {}
        for schema in node.fields.values():
            if not schema.is_block:
                value = node.json(schema.name)
                written[schema.name] = [] if value is None and schema.is_list else value
                continue
            blocks = [self._block(child, path) for child in node.below(schema.name)]
            written[schema.name] = blocks if schema.is_list else next(iter(blocks), None)
        return written

    def _block(self, node: tree.Node, path: frozenset[UUID]) -> dict[str, Any]:
        assert node.id is not None
        if node.owner.subscription_id in self.hidden:
            return {**_NOTHING, "in_use_by_ids": [], "in_use_by_relations": [], "hidden": True}
        facts = {
            "subscription_instance_id": node.id,
            "owner_subscription_id": node.owner.subscription_id,
            "name": node.title,
            "label": node.label,
            **self._in_use_by(node.id),
        }
        return facts if node.id in path else {**facts, **self.fields(node, path | {node.id})}

    def _in_use_by(self, instance_id: UUID) -> dict[str, Any]:
        """Those that refer to a block; that others do is told where there are any."""
        users = self.users.get(instance_id, ())
        relations = [
            {"subscription_instance_id": str(instance), "subscription_id": str(owner)}
            for instance, owner in users
            if owner not in self.hidden
        ]
        told = {
            "in_use_by_ids": [relation["subscription_instance_id"] for relation in relations],
            "in_use_by_relations": relations,
        }
        return {**told, "in_use_by_hidden": True} if len(users) > len(relations) else told


def _users(instances: Iterable[UUID]) -> Relations:
    users: dict[UUID, list[tuple[UUID, UUID]]] = defaultdict(list)
    for child, parent, owner in statements.USERS.rows(instances):
        users[uuid(child)].append((uuid(parent), uuid(owner)))
    return users
