"""Hold the answers to a page against the rules of the model, so that what would fail in a step is said in the form."""

from collections.abc import Callable, Mapping
from typing import Any
from uuid import uuid4

from products.models import BlockRule
from products.schema import FieldSchema, ProductSchema
from subscriptions import tree
from subscriptions.lifecycle import SubscriptionLifecycle
from subscriptions.queries.loading import block
from subscriptions.queries.users import attach_users


def keeps_rules(
    schema: ProductSchema, root: FieldSchema, given: Mapping[str, Any], answer: Callable[[Any], Any]
) -> Callable[[Any], Any]:
    """A check of the page of a root: `given` are the values of the roots before it, `answer` takes its own of a page.

    The rules of the whole product are asked with the last root.
    """

    def check(page: Any) -> Any:
        if not _has_rules(schema):
            return page
        broken = _broken(schema, {**given, root.name: answer(page)})
        is_last = root == schema.roots[-1]
        told = [one for one in broken if (is_last if not one.place else _concerns(one.place, root, schema))]
        if told:
            raise ValueError("; ".join(map(str, told)))
        return page

    return check


def _has_rules(schema: ProductSchema) -> bool:
    """Whether this model has rules, or a block that it refers to has one on its use."""
    if schema.rules or any(one.rules for one in schema.blocks.values()):
        return True
    fields = [field for one in schema.blocks.values() for field in one.fields]
    used = {name for field in fields if not field.owned for name in field.blocks}
    return bool(used) and BlockRule.objects.filter(block__name__in=used, rule__contains="users(").exists()


def _concerns(place: str, root: FieldSchema, schema: ProductSchema) -> bool:
    """Whether a rule is of this root, or of a block of others that it refers to."""
    first = place.partition(".")[0]
    return first == root.name or first not in {one.name for one in schema.roots}


def _broken(schema: ProductSchema, values: Mapping[str, Any]) -> list[tree.BrokenRule]:
    owner = tree.Owner(uuid4(), schema, schema.name, SubscriptionLifecycle.INITIAL, insync=False, customer_id="")
    facts = tree.ProductFacts(
        schema.product_id, schema.name, schema.product_type, schema.tag, "active", schema.name, schema
    )
    subscription = tree.construct(owner, facts)
    tree.fill(subscription, values, block)
    attach_users([subscription])
    return tree.broken_rules(subscription)
