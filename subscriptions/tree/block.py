"""A block instance as authors see it: its fields are attributes."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from products.schema import FieldKind, FieldSchema
from subscriptions.tree.errors import BlockNotAllowed, BlockReadOnly, ValueRefused
from subscriptions.tree.nodes import Node

BLOCK = "block"
"""The key of a block given as a mapping that names its kind, where a field allows several."""


class Fields:
    """Fields of a node as attributes: typed when read, checked against the model when assigned.

    Several values or blocks are read as a tuple, so that nothing can be changed in place unseen; assign a new list.
    For an own block a mapping of its fields will do: `circuit.saps = [{"port": port, "vlan": 7}, *circuit.saps]`.
    """

    _node: Node

    def __init__(self, node: Node) -> None:
        object.__setattr__(self, "_node", node)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        node = self._node
        schema = node.schema_of(name)
        if schema.is_block:
            return _blocks(node, schema)
        value = schema.python(node.json(name))
        return tuple(value or ()) if schema.is_list else value

    def __setattr__(self, name: str, value: Any) -> None:
        if isinstance(getattr(type(self), name, None), property):
            object.__setattr__(self, name, value)
            return
        _assign(self._node, name, value)

    def append_block(self, field: str, block: str = "") -> "Block":
        """Make a new block in a field of own blocks and return it, with the defaults of the model filled in.

        It comes last in a list, and in place of what is there in a field of one block. `block` says which, where the
        field allows several. Raises `BlockNotAllowed`.
        """
        return Block(self._node.add(self._node.check_writable(field), block))


class Block(Fields):
    """A block instance. One that belongs to another subscription can be read and referred to, not changed."""

    @property
    def subscription_instance_id(self) -> UUID:
        assert self._node.id is not None
        return self._node.id

    @property
    def owner_subscription_id(self) -> UUID:
        return self._node.owner.subscription_id

    @property
    def name(self) -> str:
        """The kind of block."""
        return self._node.title

    @property
    def label(self) -> str | None:
        """What people call this instance."""
        return self._node.label

    @label.setter
    def label(self, label: str | None) -> None:
        if not self._node.is_own:
            raise BlockReadOnly(self._node.title, self._node.owner.subscription_id, "label")
        self._node.set_label(label)

    def __repr__(self) -> str:
        return f"<Block {self.name} {self.subscription_instance_id}>"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Block) and other.subscription_instance_id == self.subscription_instance_id

    def __hash__(self) -> int:
        return hash(self.subscription_instance_id)


def node_of(block: Block) -> Node:
    """The node behind a block, for whoever stores or shows it."""
    return block._node


def _blocks(node: Node, schema: FieldSchema) -> Any:
    blocks = tuple(Block(child) for child in node.below(schema.name))
    return blocks if schema.kind is FieldKind.BLOCK_LIST else next(iter(blocks), None)


def _assign(node: Node, name: str, value: Any) -> None:
    schema = node.check_writable(name)
    if schema.is_block:
        node.set_blocks(schema, _given(node, schema, value))
    else:
        node.set_value(schema, value)


def _given(node: Node, schema: FieldSchema, value: Any) -> list[Node]:
    if not schema.is_list:
        return [] if value is None else [_member(node, schema, value, schema.name)]
    if not isinstance(value, list | tuple):
        raise ValueRefused(node.holder, schema.name, f"takes a list of blocks, not {type(value).__name__}")
    return [_member(node, schema, member, f"{schema.name}[{number}]") for number, member in enumerate(value)]


def _member(node: Node, schema: FieldSchema, value: Any, place: str) -> Node:
    if isinstance(value, Block):
        return node_of(value)
    if not schema.owned or not isinstance(value, Mapping):
        kinds = "a block or a mapping" if schema.owned else "a block"
        raise BlockNotAllowed(node.holder, place, f"takes {kinds}, not {type(value).__name__}")
    return _made(node, schema, value, place)


def _made(parent: Node, schema: FieldSchema, given: Mapping[str, Any], place: str) -> Node:
    """A new block of these fields, with the defaults of the model for what they do not name.

    `label` gives it one; `block` says which kind, where the field allows several.
    """
    fields = {str(name): value for name, value in given.items()}
    kind = str(fields.pop(BLOCK, "")) if len(schema.blocks) > 1 else ""
    node = parent.make(schema, kind, place=place)
    node.place = f"{parent.holder}.{place}"
    node.set_label(fields.pop("label", None))
    for name, value in fields.items():
        _assign(node, name, value)
    node.place = ""
    return node
