"""Subscriptions as JSON for integrations: rows of a list without making objects, and one whole tree."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from subscriptions import tree
from subscriptions.models import InstanceRelation, Subscription
from subscriptions.queries.loading import load

_OWN = ("description", "status", "insync", "customer_id", "note", "start_date", "end_date", "version")
_PRODUCT = ("name", "description", "product_type", "tag", "status", "created_at", "end_date")
_CUSTOMER = ("fullname", "shortcode")
_COLUMNS = (
    "id", "product_id", *_OWN,
    *(f"product__{name}" for name in _PRODUCT),
    *(f"customer__{name}" for name in _CUSTOMER),
)  # fmt: skip

Relations = Mapping[UUID, list[dict[str, str]]]


def list_rows(rows: QuerySet[Subscription]) -> list[dict[str, Any]]:
    """The rows of a list, in one query."""
    return [_row(values) for values in rows.values(*_COLUMNS)]


def domain_model(subscription_id: UUID | str) -> dict[str, Any]:
    """The whole subscription: its own properties, `product`, fixed inputs, and its blocks, nested, in four queries.

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


def _row(values: dict[str, Any]) -> dict[str, Any]:
    return {
        "subscription_id": values["id"],
        **{name: values[name] for name in _OWN},
        "product": {"product_id": values["product_id"], **{name: values[f"product__{name}"] for name in _PRODUCT}},
        "customer": {
            "customer_id": values["customer_id"],
            **{name: values[f"customer__{name}"] for name in _CUSTOMER},
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
    rows = InstanceRelation.objects.filter(child__in=list(instances), parent__isnull=False)
    users: dict[UUID, list[dict[str, str]]] = defaultdict(list)
    for child, parent, owner in rows.order_by("pk").values_list("child_id", "parent_id", "subscription_id"):
        users[child].append({"subscription_instance_id": str(parent), "subscription_id": str(owner)})
    return users
