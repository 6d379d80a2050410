"""Subscriptions in the words of REST: rows of a list, and one whole tree."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from processes.store.statements import uuid
from subscriptions import tree
from subscriptions.queries import statements
from subscriptions.queries.listed import ListedSubscription, listed
from subscriptions.queries.loading import load

_OWN = ("description", "status", "insync", "customer_id", "note", "start_date", "end_date", "version")

Relations = Mapping[UUID, list[dict[str, str]]]


def list_rows(ids: Sequence[UUID]) -> list[dict[str, Any]]:
    """The subscriptions of these ids, in this order, by one query."""
    return [_list_row(subscription) for subscription in listed(ids)]


def domain_model(subscription_id: UUID | str) -> dict[str, Any]:
    """The whole subscription: its own properties, `product`, fixed inputs, and its blocks, nested, in three queries.

    Each block has `subscription_instance_id`, `owner_subscription_id`, `name`, `label`, its fields, and of its users
    `in_use_by_ids` (instances) and `in_use_by_relations`. A block of another subscription is nested like one's own; one
    that leads back to where it came from is left at its ids. Raises `UnknownSubscription`.
    """
    subscription = load(subscription_id)
    root = tree.root_of(subscription)
    users = _users([node.id for node in tree.reached_nodes(root) if node.id is not None])
    return {
        "subscription_id": subscription.subscription_id,
        **{name: getattr(subscription, name) for name in _OWN},
        "product": _product(subscription.product),
        **{fixed.name: fixed.value for fixed in subscription.product.schema.inputs},
        **_fields(root, users, frozenset()),
    }


def _list_row(subscription: ListedSubscription) -> dict[str, Any]:
    return {
        "subscription_id": subscription.id,
        "description": subscription.description,
        "status": subscription.status,
        "insync": subscription.insync,
        "customer_id": subscription.customer_id,
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


def _fields(node: tree.Node, users: Relations, path: frozenset[UUID]) -> dict[str, Any]:
    written: dict[str, Any] = {}
    for schema in node.fields.values():
        if not schema.is_block:
            value = node.json(schema.name)
            written[schema.name] = [] if value is None and schema.is_list else value
            continue
        blocks = [_block(child, users, path) for child in node.below(schema.name)]
        written[schema.name] = blocks if schema.is_list else next(iter(blocks), None)
    return written


def _block(node: tree.Node, users: Relations, path: frozenset[UUID]) -> dict[str, Any]:
    assert node.id is not None
    relations = users.get(node.id, [])
    facts = {
        "subscription_instance_id": node.id,
        "owner_subscription_id": node.owner.subscription_id,
        "name": node.title,
        "label": node.label,
        "in_use_by_ids": [relation["subscription_instance_id"] for relation in relations],
        "in_use_by_relations": relations,
    }
    return facts if node.id in path else {**facts, **_fields(node, users, path | {node.id})}


def _users(instances: Iterable[UUID]) -> Relations:
    users: dict[UUID, list[dict[str, str]]] = defaultdict(list)
    for child, parent, owner in statements.USERS.rows(instances):
        relation = {"subscription_instance_id": str(uuid(parent)), "subscription_id": str(uuid(owner))}
        users[uuid(child)].append(relation)
    return users
