"""Fill a subscription from plain JSON, as forms give it: values by field, blocks nested, references by id."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any
from uuid import UUID

from products.schema import FieldSchema
from subscriptions.tree.block import BLOCK, Block, node_of
from subscriptions.tree.nodes import Node
from subscriptions.tree.subscription import Subscription, root_of

Resolve = Callable[[UUID], Block]


def fill(subscription: Subscription, values: Mapping[str, Any], resolve: Resolve) -> None:
    """Set what `values` name, root by root; fields they do not name stay as they are.

    An owned block is a mapping, a list of them a list, a reference the id of an instance, which `resolve` turns into a
    block. Raises what assigning raises.
    """
    _fill(root_of(subscription), values, resolve)


def _fill(node: Node, values: Mapping[str, Any], resolve: Resolve) -> None:
    for schema in node.fields.values():
        if schema.computed is not None or schema.name not in values:
            continue
        value = values[schema.name]
        if not schema.is_block:
            node.set_value(schema, value)
        elif schema.owned:
            _fill_owned(node, schema, _members(schema, value), resolve)
        else:
            node.set_blocks(schema, [node_of(resolve(UUID(str(one)))) for one in _members(schema, value)])


def _fill_owned(node: Node, schema: FieldSchema, members: Sequence[Mapping[str, Any]], resolve: Resolve) -> None:
    """Keep the blocks that are there as long as they are of the kind asked for, make what is missing, drop the rest."""
    there = list(node.below(schema.name))
    node.children[schema.name] = []
    for number, member in enumerate(members):
        kind = member[BLOCK] if len(schema.blocks) > 1 else schema.blocks[0]
        if number < len(there) and there[number].title == kind:
            child = there[number]
            node.children[schema.name].append(child)
        else:
            child = node.add(schema, kind)
        _fill(child, member, resolve)
    if schema.is_list:
        node.set_blocks(schema, node.children[schema.name])


def _members(schema: FieldSchema, value: Any) -> Sequence[Any]:
    if schema.is_list:
        return value or []
    return [] if value is None else [value]
