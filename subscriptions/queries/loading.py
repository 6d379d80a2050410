"""Load whole trees, with all that their blocks refer to, in a fixed number of queries whatever their size."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import orjson

from processes.engine.values.errors import UnknownObject
from processes.store.statements import moment, uuid
from products.queries import schema_of
from subscriptions import tree
from subscriptions.lifecycle import SubscriptionLifecycle
from subscriptions.models import BlockInstance, Subscription
from subscriptions.queries import statements
from subscriptions.queries.users import attach_users

NO_ID = UUID(int=0)
CHUNK = 200
"""Subscriptions that are loaded at once."""


class UnknownSubscription(UnknownObject):
    """There is no subscription with this id."""

    def __init__(self, subscription_id: object) -> None:
        self.subscription_id = subscription_id
        super().__init__(f"There is no subscription {subscription_id}.")


class UnknownBlock(UnknownObject):
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
    for row in statements.HEADERS.rows([_uuid(subscription_id)]):
        header = _header(row)
        return next(_load_chunk([header]))
    raise UnknownSubscription(subscription_id)


def load_rows(rows: Iterable[Subscription]) -> Iterator[tree.Subscription]:
    """Those of rows at hand (with their product), in that order; one query for each 200."""
    waiting = [_Header(owner_of(row), product_facts(row), row.version) for row in rows]
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


@dataclass(frozen=True)
class _Header:
    """What a subscription is besides its blocks."""

    owner: tree.Owner
    product: tree.ProductFacts
    version: int


def _header(row: tuple[Any, ...]) -> _Header:
    pk, model, description, status, insync, customer, note, start, end, version = row[:10]
    product_id, name, product_type, tag, product_status, about = row[10:]
    schema = schema_of(uuid(model))
    return _Header(
        tree.Owner(
            uuid(pk), schema, description, SubscriptionLifecycle(status), insync, customer, note, moment(start),
            moment(end),
        ),
        tree.ProductFacts(uuid(product_id), name, product_type, tag, product_status, about, schema),
        version,
    )  # fmt: skip


def _load_chunk(headers: Sequence[_Header]) -> Iterator[tree.Subscription]:
    stored = _read([header.owner.subscription_id for header in headers])
    loaded = [
        tree.assemble(header.owner, header.product, header.version, *stored.part(header.owner.subscription_id))
        for header in headers
    ]
    attach_users(loaded)
    yield from loaded


def _read(ids: Sequence[UUID]) -> _Stored:
    own: dict[UUID, list[UUID]] = defaultdict(list)
    instances = {}
    below: dict[UUID, list[tree.Relation]] = defaultdict(list)
    roots: dict[UUID, list[tree.Relation]] = defaultdict(list)
    for row in statements.TREES.rows(ids):
        if row[8] is None:
            record = tree.Instance(uuid(row[0]), uuid(row[1]), row[2], row[3], orjson.loads(row[4]))
            owner = tree.Owner(record.owner_id, schema_of(uuid(row[7])), row[5], SubscriptionLifecycle(row[6]))
            own[record.owner_id].append(record.id)
            instances[record.id] = record, owner
        else:
            relation = tree.Relation(uuid(row[0]), row[2], row[9], uuid(row[8]))
            place = roots[uuid(row[1])] if relation.parent is None else below[relation.parent]
            place.append(relation)
    return _Stored(instances, own, below, roots)


def _uuid(value: object) -> UUID:
    """The UUID that a value names; what cannot be one gives an id that nothing has."""
    try:
        return value if isinstance(value, UUID) else UUID(str(value))
    except ValueError:
        return NO_ID
