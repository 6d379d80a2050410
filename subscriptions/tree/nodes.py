"""A node of a tree: fields by name, their stored values and the blocks below, and the rules of changing them.

Authors see nodes through `Block` and `Subscription`, so that no name of ours can hide a field of theirs.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from products.schema import BlockSchema, FieldKind, FieldSchema, ProductSchema
from products.schema.expressions import (
    SUBSCRIPTION,
    Budget,
    EvaluationFailed,
    Expression,
    Template,
    evaluate,
    parse_computed,
)
from subscriptions.lifecycle import SubscriptionLifecycle
from subscriptions.tree.errors import BlockNotAllowed, BlockReadOnly, ComputedField, UnknownField, ValueRefused
from subscriptions.tree.records import Instance, Relation

LONGEST_LABEL = 255


@dataclass
class Owner:
    """The subscription that blocks belong to, as far as its own and other trees need to know it."""

    subscription_id: UUID
    schema: ProductSchema
    description: str
    status: SubscriptionLifecycle
    insync: bool = True
    customer_id: str | None = None
    note: str | None = None
    start_date: datetime | None = None
    end_date: datetime | None = None

    def fact(self, name: str) -> Any:
        """A fixed input or a property of the subscription, for computed texts; None for what there is not."""
        if name in self.schema.fixed_inputs:
            return self.schema.fixed_inputs[name]
        product = {"product": self.schema.name, "product_name": self.schema.name, "tag": self.schema.tag}
        return product.get(name, getattr(self, name, None))


@dataclass(frozen=True)
class OwnerFacts:
    """What an expression finds under `subscription`."""

    owner: Owner

    def read(self, name: str, budget: Budget) -> Any:
        return self.owner.fact(name)

    def users(self, names: Sequence[str]) -> None:
        """Nobody refers to facts."""


@dataclass(eq=False)
class Node:
    """A block instance, or (without id) the subscription itself. `values` are in JSON form, without what is not set."""

    title: str
    owner: Owner
    fields: Mapping[str, FieldSchema]
    is_own: bool
    id: UUID | None = None
    label: str | None = None
    values: dict[str, Any] = field(default_factory=dict)
    children: dict[str, list[Node]] = field(default_factory=dict)
    place: str = ""
    """Where it will stand, while it is made from what was assigned: `Circuit.saps[1]`."""
    used_by: Sequence[Node] | None = None
    """The blocks of live subscriptions that refer to it; None where nobody has looked."""

    @property
    def holder(self) -> str:
        """What errors call it."""
        return self.place or self.title

    @classmethod
    def of_block(cls, instance_id: UUID, owner: Owner, schema: BlockSchema, *, is_own: bool) -> Node:
        return cls(schema.name, owner, schema.by_name, is_own, instance_id)

    def schema_of(self, name: str) -> FieldSchema:
        """The field of this name. Raises `UnknownField`."""
        if name not in self.fields:
            raise UnknownField(self.holder, name, tuple(self.fields))
        return self.fields[name]

    def json(self, name: str) -> Any:
        """The JSON form of a value, a computed text; None where nothing is set. Not for blocks."""
        schema = self.schema_of(name)
        return self.computed(schema) if schema.computed is not None else self.values.get(name)

    def computed(self, schema: FieldSchema, budget: Budget | None = None) -> Any:
        """The JSON form of a computed field; what is not set yet shows as a question mark in a text, else as None.

        So does what cannot be worked out, or is not what the type of the field takes.
        """
        budget = budget or Budget()
        made = parse_computed(schema.computed or "")
        if isinstance(made, Template):
            return made.text(lambda part: self._evaluated(part, budget))
        value = self._evaluated(made, budget)
        try:
            return None if value is None or schema.scalar is None else schema.scalar.parse(value)
        except ValueError:
            return None

    def read(self, name: str, budget: Budget) -> Any:
        """What an expression reads here: a value as Python has it, blocks, or what is known of the subscription."""
        if name == SUBSCRIPTION:
            return OwnerFacts(self.owner)
        schema = self.fields.get(name)
        if schema is None:
            return None
        if schema.is_block:
            nodes = list(self.below(name))
            return nodes if schema.is_list else next(iter(nodes), None)
        if schema.computed is not None:
            with budget.deeper():
                return schema.python(self.computed(schema, budget))
        value = schema.python(self.values.get(name))
        return [] if value is None and schema.is_list else value

    @property
    def asks_for_users(self) -> bool:
        """Whether a rule or a computed value of its kind depends on who refers to it."""
        block = self.owner.schema.blocks.get(self.title)
        return block is not None and block.asks_for_users

    @property
    def computes_beyond(self) -> bool:
        """Whether a computed value of it depends on more than its own values."""
        block = self.owner.schema.blocks.get(self.title)
        return block is not None and block.computes_beyond

    @property
    def computes_from_subscription(self) -> bool:
        """Whether a computed value of it tells of the subscription."""
        block = self.owner.schema.blocks.get(self.title)
        return block is not None and block.computes_from_subscription

    def computed_values(self) -> dict[str, Any]:
        """The JSON forms of its computed fields that have a value."""
        made = {field.name: self.computed(field) for field in self.fields.values() if field.computed is not None}
        return {name: value for name, value in made.items() if value is not None}

    def users(self, names: Sequence[str]) -> list[Node] | None:
        """The blocks of these kinds that refer to this one; None unless they were looked for."""
        return None if self.used_by is None else [node for node in self.used_by if node.title in names]

    def below(self, name: str) -> Sequence[Node]:
        """The blocks in a field, in order."""
        return self.children.get(name, ())

    def walk(self) -> Iterator[Node]:
        """Every block that this node owns, each time it is met, parents first."""
        for schema in self.fields.values():
            for node in self.below(schema.name) if schema.owned else ():
                yield node
                yield from node.walk()

    def relations(self) -> Iterator[Relation]:
        """From this node to the blocks in its fields."""
        for name, nodes in self.children.items():
            for position, node in enumerate(nodes):
                assert node.id is not None
                yield Relation(self.id, name, position, node.id)

    def record(self) -> Instance:
        """Its flat form; the values are a copy."""
        assert self.id is not None
        return Instance(self.id, self.owner.subscription_id, self.title, self.label, dict(self.values))

    def plain(self) -> dict[str, Any]:
        """The tree below as plain JSON, as `ProductSchema.missing` takes it: others' blocks by id."""
        written: dict[str, Any] = {"name": self.title, "subscription_instance_id": str(self.id)} if self.id else {}
        for schema in self.fields.values():
            if not schema.is_block:
                written[schema.name] = self.json(schema.name)
                continue
            members = [node.plain() if schema.owned else node.reference() for node in self.below(schema.name)]
            written[schema.name] = members if schema.is_list else next(iter(members), None)
        return written

    def reference(self) -> dict[str, Any]:
        """What a tree that refers to this block says of it."""
        return {
            "name": self.title,
            "subscription_instance_id": str(self.id),
            "owner_subscription_id": str(self.owner.subscription_id),
        }

    def set_value(self, schema: FieldSchema, value: object) -> None:
        """Store a scalar or list of scalars; None and a list without members take it away. Raises `ValueRefused`."""
        try:
            parsed = schema.parse(value)
        except ValueError as error:
            raise ValueRefused(self.holder, schema.name, str(error)) from error
        if parsed is None or (schema.is_list and not parsed):
            self.values.pop(schema.name, None)
        else:
            self.values[schema.name] = parsed

    def set_label(self, label: object) -> None:
        """What people call this instance, or None. Raises `ValueRefused`."""
        if label is not None and (not isinstance(label, str) or not 0 < len(label) <= LONGEST_LABEL):
            raise ValueRefused(self.holder, "label", f"takes a text of 1 to {LONGEST_LABEL} characters, or none")
        self.label = label

    def set_blocks(self, schema: FieldSchema, nodes: list[Node]) -> None:
        """Put these blocks into a field, in place of what is there. Raises `BlockNotAllowed`."""
        for node in nodes:
            self._check_place(schema, node)
        if schema.is_list:
            self._check_count(schema, len(nodes))
        self._check_once(schema, nodes)
        self.children[schema.name] = nodes

    def make(self, schema: FieldSchema, name: str, *, place: str = "") -> Node:
        """A new own block for a field, with its defaults, that does not stand there yet. Raises `BlockNotAllowed`.

        `place` is the member of a list that it will be, for the error.
        """
        self._check_new(schema, name, place or schema.name)
        block = self.owner.schema.blocks[name or schema.blocks[0]]
        node = Node.of_block(uuid4(), self.owner, block, is_own=True)
        node.fill()
        return node

    def add(self, schema: FieldSchema, name: str) -> Node:
        """Make a new own block with its defaults, at the end of a list or in place of a single one."""
        self._check_new(schema, name, schema.name)
        there = self.children.get(schema.name, []) if schema.is_list else []
        if schema.maximum is not None and len(there) >= schema.maximum:
            raise BlockNotAllowed(self.holder, schema.name, f"takes at most {schema.maximum} blocks")
        node = self.make(schema, name)
        self.children[schema.name] = [*there, node]
        return node

    def fill(self) -> None:
        """Give a new node what the model gives it: defaults, a block that must be there, the fewest of a list.

        A list of several kinds of blocks takes the last kind; a single one of several stays empty and must be given.
        """
        for schema in self.fields.values():
            if schema.default is not None and schema.computed is None:
                self.set_value(schema, schema.default)
            if schema.kind is FieldKind.BLOCK and schema.owned and len(schema.blocks) == 1:
                self.add(schema, schema.blocks[0])
            if schema.kind is FieldKind.BLOCK_LIST and schema.owned:
                for _ in range(schema.fewest):
                    self.add(schema, schema.blocks[-1])

    def check_writable(self, name: str) -> FieldSchema:
        """The field, if it can be changed here. Raises `UnknownField`, `BlockReadOnly` or `ComputedField`."""
        schema = self.schema_of(name)
        if not self.is_own:
            raise BlockReadOnly(self.title, self.owner.subscription_id, name)
        if schema.computed is not None:
            raise ComputedField(self.holder, name)
        return schema

    def _check_new(self, schema: FieldSchema, name: str, place: str) -> None:
        kinds = " or ".join(schema.blocks)
        if not schema.is_block or not schema.owned:
            raise BlockNotAllowed(self.holder, place, "holds no blocks of its own")
        if name and name not in schema.blocks:
            raise BlockNotAllowed(self.holder, place, f"takes a block {kinds}, not {name}")
        if not name and len(schema.blocks) > 1:
            raise BlockNotAllowed(self.holder, place, f"needs to know which block: {kinds}")

    def _check_place(self, schema: FieldSchema, node: Node) -> None:
        if node.title not in schema.blocks:
            allowed = " or ".join(schema.blocks)
            raise BlockNotAllowed(self.holder, schema.name, f"takes a block {allowed}, not {node.title}")
        if schema.owned and node.owner.subscription_id != self.owner.subscription_id:
            reason = f"takes a block of its own, not one of subscription {node.owner.subscription_id}"
            raise BlockNotAllowed(self.holder, schema.name, reason)

    def _check_count(self, schema: FieldSchema, count: int) -> None:
        try:
            schema.check_count(count)
        except ValueError as error:
            raise BlockNotAllowed(self.holder, schema.name, str(error)) from error

    def _check_once(self, schema: FieldSchema, nodes: Iterable[Node]) -> None:
        seen = {node.id for name, others in self.children.items() if name != schema.name for node in others}
        for node in nodes:
            if node.id in seen:
                raise BlockNotAllowed(self.holder, schema.name, f"block {node.id} would stand twice below one parent")
            seen.add(node.id)

    def _evaluated(self, expression: Expression, budget: Budget) -> Any:
        try:
            return evaluate(expression, self, budget)
        except EvaluationFailed:
            return None


def reached_nodes(root: Node) -> list[Node]:
    """Every node below a root, own and of others, each once; circles end."""
    reached: dict[UUID | None, Node] = {}
    waiting = [child for children in root.children.values() for child in children]
    while waiting:
        node = waiting.pop()
        if node.id not in reached:
            reached[node.id] = node
            waiting += [child for children in node.children.values() for child in children]
    return list(reached.values())
