"""Load whole trees, with all that their blocks refer to, in a fixed number of queries whatever their size."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import connection
from django.http import Http404

from products.queries import schema_of
from subscriptions import tree
from subscriptions.lifecycle import SubscriptionLifecycle
from subscriptions.models import BlockInstance, InstanceRelation, Subscription

NO_ID = UUID(int=0)
CHUNK = 200
"""Subscriptions that are loaded at once."""

# Both dialects know recursive queries; UNION, not UNION ALL, ends where subscriptions refer to each other in a circle.
_REACH = """
WITH RECURSIVE reach(id) AS (
    SELECT id FROM subscriptions_blockinstance WHERE subscription_id IN ({places})
    UNION
    SELECT r.child_id FROM subscriptions_instancerelation r JOIN reach ON r.parent_id = reach.id
)
"""
_INSTANCES = """
SELECT i.id, i.subscription_id, i.block_name, i.label, i."values",
       s.description AS owner_description, s.status AS owner_status, s.product_version_id AS owner_version
FROM subscriptions_blockinstance i
JOIN reach ON reach.id = i.id
JOIN subscriptions_subscription s ON s.id = i.subscription_id
"""
# Two halves, each by its own index: no index serves both sides of an OR, and every relation there is would be read.
_RELATIONS = """
SELECT r.id, r.subscription_id, r.parent_id, r.child_id, r.attribute, r.position
FROM subscriptions_instancerelation r JOIN reach ON r.parent_id = reach.id
UNION ALL
SELECT r.id, r.subscription_id, r.parent_id, r.child_id, r.attribute, r.position
FROM subscriptions_instancerelation r WHERE r.parent_id IS NULL AND r.subscription_id IN ({places})
ORDER BY position, id
"""


class UnknownSubscription(Http404):
    """There is no subscription with this id."""

    def __init__(self, subscription_id: object) -> None:
        self.subscription_id = subscription_id
        super().__init__(f"There is no subscription {subscription_id}.")


class UnknownBlock(Http404):
    """There is no block instance with this id."""

    def __init__(self, instance_id: object) -> None:
        self.instance_id = instance_id
        super().__init__(f"There is no block instance {instance_id}.")


def get(subscription_id: UUID | str) -> tree.Subscription:
    """A subscription to read. Raises `UnknownSubscription`; assigning to it raises `BlockReadOnly`.

    To change one, take it as an argument of a step and return it.
    """
    return tree.read_only(load(subscription_id))


def block(instance_id: UUID | str) -> tree.Block:
    """A block to read, or to refer to from a block of one's own. Raises `UnknownBlock`."""
    owner = BlockInstance.objects.filter(pk=_uuid(instance_id)).values_list("subscription_id", flat=True).first()
    if owner is None:
        raise UnknownBlock(instance_id)
    blocks = tree.blocks_of(get(owner))
    return next(one for one in blocks if one.subscription_instance_id == _uuid(instance_id))


def load(subscription_id: UUID | str) -> tree.Subscription:
    """A subscription that can be changed and given to `actions.save`. Raises `UnknownSubscription`."""
    row = Subscription.objects.select_related("product").filter(pk=_uuid(subscription_id)).first()
    if row is None:
        raise UnknownSubscription(subscription_id)
    return next(load_rows([row]))


def load_header(subscription_id: UUID) -> tree.Subscription:
    """A subscription without its blocks, its row locked, to change what it has besides them."""
    rows = Subscription.objects.select_for_update(of=("self",)).select_related("product")
    row = rows.filter(pk=subscription_id).first()
    if row is None:
        raise UnknownSubscription(subscription_id)
    return tree.Subscription(owner_of(row), product_facts(row), row.version)


def load_rows(rows: Iterable[Subscription]) -> Iterator[tree.Subscription]:
    """Those of rows at hand (with their product), in that order; two queries for each 200."""
    waiting = list(rows)
    for start in range(0, len(waiting), CHUNK):
        yield from _load_chunk(waiting[start : start + CHUNK])


def product_facts(row: Subscription) -> tree.ProductFacts:
    """The product of a row, in the version that the row is valid against."""
    product = row.product
    return tree.ProductFacts(
        product.id, product.name, product.product_type, product.tag, product.status, product.description,
        schema_of(row.product_version_id),
    )  # fmt: skip


def owner_of(row: Subscription) -> tree.Owner:
    """What the tree of a row begins with."""
    return tree.Owner(
        row.pk, schema_of(row.product_version_id), row.description, SubscriptionLifecycle(row.status), row.insync,
        row.customer_id, row.note, row.start_date, row.end_date,
    )  # fmt: skip


@dataclass(frozen=True)
class _Stored:
    instances: dict[UUID, tuple[tree.Instance, tree.Owner]]
    own: dict[UUID, list[UUID]]
    below: dict[UUID, list[tree.Relation]]
    roots: dict[UUID, list[tree.Relation]]

    def part(self, subscription_id: UUID) -> tuple[list[tuple[tree.Instance, tree.Owner]], list[tree.Relation]]:
        """The instances that one subscription reaches, and the relations between them, in order of position."""
        waiting, reached = list(self.own.get(subscription_id, ())), set[UUID]()
        relations = list(self.roots.get(subscription_id, ()))
        while waiting:
            instance = waiting.pop()
            if instance not in reached:
                reached.add(instance)
                relations += self.below.get(instance, ())
                waiting += [relation.child for relation in self.below.get(instance, ())]
        return [self.instances[one] for one in reached], relations


def _load_chunk(rows: Sequence[Subscription]) -> Iterator[tree.Subscription]:
    stored = _read([row.pk for row in rows])
    for row in rows:
        yield tree.assemble(owner_of(row), product_facts(row), row.version, *stored.part(row.pk))


def _read(ids: Sequence[UUID]) -> _Stored:
    own: dict[UUID, list[UUID]] = defaultdict(list)
    instances = {}
    for row in _raw(BlockInstance, _INSTANCES, ids):
        own[row.subscription_id].append(row.pk)
        record = tree.Instance(row.pk, row.subscription_id, row.block_name, row.label, row.values)
        instances[row.pk] = (record, _raw_owner(row))
    below: dict[UUID, list[tree.Relation]] = defaultdict(list)
    roots: dict[UUID, list[tree.Relation]] = defaultdict(list)
    for row in _raw(InstanceRelation, _RELATIONS, ids):
        relation = tree.Relation(row.parent_id, row.attribute, row.position, row.child_id)
        (roots[row.subscription_id] if row.parent_id is None else below[row.parent_id]).append(relation)
    return _Stored(instances, own, below, roots)


def _raw_owner(row: Any) -> tree.Owner:
    schema = schema_of(_uuid(row.owner_version))
    return tree.Owner(row.subscription_id, schema, row.owner_description, SubscriptionLifecycle(row.owner_status))


def _raw(model: Any, select: str, ids: Sequence[UUID]) -> Any:
    key = Subscription._meta.pk
    assert key is not None
    values = [key.get_db_prep_value(one, connection) for one in ids]
    places = ", ".join(["%s"] * len(values))
    repeats = (_REACH + select).count("{places}")
    return model.objects.raw((_REACH + select).format(places=places), values * repeats)


def _uuid(value: object) -> UUID:
    """The UUID that a value names; what cannot be one gives an id that nothing has."""
    try:
        return value if isinstance(value, UUID) else UUID(str(value))
    except ValueError:
        return NO_ID
