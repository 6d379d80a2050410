"""A whole subscription as authors see it: its own properties, the fixed inputs of its product, and its blocks."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from products.schema import ProductSchema
from subscriptions.lifecycle import SubscriptionLifecycle, check_move, dates_after
from subscriptions.tree.block import Block, Fields
from subscriptions.tree.errors import BlockNotAllowed, BlockReadOnly, ValueRefused, ValuesMissing
from subscriptions.tree.nodes import Node, Owner
from subscriptions.tree.records import Changes, Header, Records

LONGEST_DESCRIPTION = 2_000
LONGEST_NOTE = 5_000


@dataclass(frozen=True)
class ProductFacts:
    """The product of a subscription; `schema` is the version that the subscription is valid against."""

    product_id: UUID
    name: str
    product_type: str
    tag: str
    status: str
    description: str
    schema: ProductSchema


class Subscription(Fields):
    """A subscription. `subscription.port.port_name = "1/1"` is checked at once, and saved when a step returns it.

    `status` moves by `move_to`; `description` and `note` are assigned; fixed inputs are read as attributes.
    """

    _product: ProductFacts
    _version: int
    _stored: Records

    def __init__(self, owner: Owner, product: ProductFacts, version: int) -> None:
        root = Node(product.name, owner, {root.name: root for root in product.schema.roots}, is_own=True)
        super().__init__(root)
        object.__setattr__(self, "_product", product)
        object.__setattr__(self, "_version", version)
        mark_stored(self, version)

    def __getattr__(self, name: str) -> Any:
        if not name.startswith("_") and name in self._product.schema.fixed_inputs:
            return self._product.schema.fixed_inputs[name]
        return super().__getattr__(name)

    def __setattr__(self, name: str, value: Any) -> None:
        if name in self._product.schema.fixed_inputs:
            raise ValueRefused(self._product.name, name, "is a fixed input of the product and cannot be changed")
        super().__setattr__(name, value)

    @property
    def subscription_id(self) -> UUID:
        return self._node.owner.subscription_id

    @property
    def product(self) -> ProductFacts:
        return self._product

    @property
    def version(self) -> int:
        """The number of the stored version that this was loaded from."""
        return self._version

    @property
    def customer_id(self) -> str:
        customer_id = self._node.owner.customer_id
        assert customer_id is not None
        return customer_id

    @property
    def status(self) -> SubscriptionLifecycle:
        return self._node.owner.status

    @property
    def insync(self) -> bool:
        return self._node.owner.insync

    @property
    def start_date(self) -> datetime | None:
        return self._node.owner.start_date

    @property
    def end_date(self) -> datetime | None:
        return self._node.owner.end_date

    @property
    def description(self) -> str:
        return self._node.owner.description

    @description.setter
    def description(self, text: str) -> None:
        self._check_writable("description")
        if not text or len(text) > LONGEST_DESCRIPTION:
            raise ValueRefused(self._product.name, "description", f"needs 1 to {LONGEST_DESCRIPTION} characters")
        self._node.owner.description = text

    @property
    def note(self) -> str | None:
        return self._node.owner.note

    @note.setter
    def note(self, text: str | None) -> None:
        self._check_writable("note")
        if text and len(text) > LONGEST_NOTE:
            raise ValueRefused(self._product.name, "note", f"takes at most {LONGEST_NOTE} characters")
        self._node.owner.note = text or None

    def move_to(self, status: SubscriptionLifecycle | str) -> None:
        """Go to another status of life. Whether users of its blocks allow that is asked when it is saved.

        Raises `MoveRefused` where the table has no such move, `ValuesMissing` naming each value the status needs;
        then nothing has changed.
        """
        self._check_writable("status")
        new = SubscriptionLifecycle(status)
        check_move(self.status, new)
        check_complete(self, new)
        self._node.owner.status = new

    def _check_writable(self, name: str) -> None:
        if not self._node.is_own:
            raise BlockReadOnly(self._product.name, self.subscription_id, name)

    def __repr__(self) -> str:
        return f"<Subscription {self.description} ({self.status}, version {self.version})>"


def root_of(subscription: Subscription) -> Node:
    """The node behind a subscription, for whoever stores or shows it."""
    return subscription._node


def blocks_of(subscription: Subscription) -> tuple[Block, ...]:
    """All its own blocks, parents first."""
    return tuple(Block(node) for node in subscription._node.walk())


def foreign_blocks(subscription: Subscription) -> set[tuple[UUID, UUID]]:
    """The blocks of others that own blocks refer to: instance and owning subscription."""
    ours = subscription.subscription_id
    children = (
        child for node in subscription._node.walk() for children in node.children.values() for child in children
    )
    return {
        (child.id, child.owner.subscription_id)
        for child in children
        if child.owner.subscription_id != ours and child.id
    }


def check_complete(subscription: Subscription, status: SubscriptionLifecycle) -> None:
    """Raise `ValuesMissing` unless there is a value for all that the status requires."""
    schema = subscription._product.schema
    gaps = schema.missing(subscription._node.plain(), status)
    if gaps:
        raise ValuesMissing(status, [path for path, _ in gaps])


def read_only(subscription: Subscription) -> Subscription:
    """The same, from now on refusing every change."""
    for node in (subscription._node, *subscription._node.walk()):
        node.is_own = False
    return subscription


def set_insync(subscription: Subscription, insync: bool) -> None:
    """Say whether it agrees with reality; for the actions that keep the flag, not for steps."""
    subscription._node.owner.insync = insync


def fill_dates(subscription: Subscription, now: datetime) -> None:
    """Give it the start or end moment that its status brings, if it has none."""
    owner = subscription._node.owner
    owner.start_date, owner.end_date = dates_after(owner.status, owner.start_date, owner.end_date, now)


def records_of(subscription: Subscription) -> Records:
    """The flat form of what it is now; blocks that nothing leads to any more are not in it.

    Raises `BlockNotAllowed` when an own block stands in two places, or is referred to and stands in none.
    """
    root = subscription._node
    owner = root.owner
    nodes: list[Node] = list(root.walk())
    _check_places(root, nodes)
    header = Header(
        description=owner.description, status=owner.status, insync=owner.insync, customer_id=subscription.customer_id,
        note=owner.note, start_date=owner.start_date, end_date=owner.end_date,
    )  # fmt: skip
    instances = {record.id: record for record in (node.record() for node in nodes)}
    relations = frozenset(relation for node in (root, *nodes) for relation in node.relations())
    return Records(header, instances, relations)


def changes_of(subscription: Subscription) -> Changes:
    """What differs from the stored form."""
    return records_of(subscription).changes_since(subscription._stored)


def mark_stored(subscription: Subscription, version: int) -> None:
    """Take the present form as the stored one, under this version number."""
    object.__setattr__(subscription, "_stored", records_of(subscription))
    object.__setattr__(subscription, "_version", version)


def take_note(subscription: Subscription, note: str | None, *, version: int) -> None:
    """Take over a note that somebody else has stored as this version, unless the note was changed here too."""
    stored, owner = subscription._stored, subscription._node.owner
    if owner.note == stored.header.note:
        owner.note = note
    object.__setattr__(subscription, "_stored", replace(stored, header=replace(stored.header, note=note)))
    object.__setattr__(subscription, "_version", version)


@dataclass(frozen=True)
class Mark:
    """What a subscription took for its stored form at some moment."""

    stored: Records
    version: int


def mark_of(subscription: Subscription) -> Mark:
    """What is taken for the stored form now."""
    return Mark(subscription._stored, subscription.version)


def put_back(subscription: Subscription, mark: Mark) -> None:
    """Take an earlier form for the stored one again: what was written since is lost, and counts as change."""
    object.__setattr__(subscription, "_stored", mark.stored)
    object.__setattr__(subscription, "_version", mark.version)


def _check_places(root: Node, nodes: Sequence[Node]) -> None:
    seen: set[UUID | None] = set()
    for node in nodes:
        if node.id in seen:
            raise BlockNotAllowed(root.title, node.title, f"block {node.id} stands in two places")
        seen.add(node.id)
    for child in (child for node in nodes for children in node.children.values() for child in children):
        if child.owner.subscription_id == root.owner.subscription_id and child.id not in seen:
            raise BlockNotAllowed(root.title, child.title, f"block {child.id} is referred to and stands nowhere")
