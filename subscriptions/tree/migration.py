"""Bring a subscription from one version of its product to another: what fits, what is filled in, what is lost."""

from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass, field, replace

from products.schema import FieldKind, FieldSchema, ProductSchema
from subscriptions.tree.nodes import Node
from subscriptions.tree.subscription import Subscription, records_of, root_of

Renamed = Mapping[str, str]


@dataclass(frozen=True)
class Migrated:
    """The subscription in the new model, not stored, and what became of it; each list names fields and why."""

    subscription: Subscription
    filled: list[str] = field(default_factory=list)
    lost: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    renamed: Renamed = field(default_factory=dict)

    def kind(self, block: str, known: Container[str]) -> str:
        """What a kind of block is called now."""
        return block if block in known else self.renamed.get(block, block)


def migrate(old: Subscription, schema: ProductSchema, renamed: Renamed | None = None) -> Migrated:
    """The same subscription in another version of its model; `renamed` gives new names of kinds of blocks by the old.

    A field that says what it was formerly has what was kept under that name. Values of fields that are gone are lost; a
    new field gets its default, and so does one that the status requires and
    that has no value; a block that must be there is made. What does not fit is a problem, and the result of no use.
    """
    owner = replace(root_of(old).owner, schema=schema)
    facts = replace(old.product, schema=schema, name=schema.name, product_type=schema.product_type, tag=schema.tag)
    new = Migrated(Subscription(owner, facts, old.version), renamed=renamed or {})
    _carry(root_of(old), root_of(new.subscription), new)
    if not new.problems:
        gaps = schema.missing(root_of(new.subscription).plain(), owner.status)
        new.problems.extend(f"status {owner.status} needs a value for {path}" for path, _ in gaps)
    object.__setattr__(new.subscription, "_stored", records_of(old))
    return new


def _carry(old: Node, node: Node, result: Migrated) -> None:
    node.label = old.label
    _carry_values(old, node, result)
    _carry_blocks(old, node, result)
    _fill(old, node, result)


def _carry_values(old: Node, node: Node, result: Migrated) -> None:
    for name, value in old.values.items():
        schema = _after(name, old, node)
        if schema is None or schema.computed is not None:
            result.lost.append(f"{node.title}.{name}")
            continue
        try:
            node.values[schema.name] = schema.parse(value)
        except ValueError as error:
            result.problems.append(f"{node.title}.{schema.name} {error}, and is {value!r}")


def _after(name: str, old: Node, node: Node) -> FieldSchema | None:
    """The field of the new model that has what the old one kept under a name: the same, or one that was renamed."""
    renamed = (field for field in node.fields.values() if field.formerly == name and field.name not in old.fields)
    return node.fields.get(name) or next(renamed, None)


def _carry_blocks(old: Node, node: Node, result: Migrated) -> None:
    for name, children in old.children.items():
        if not children:
            continue
        schema = _after(name, old, node)
        problem = _misfit(old.fields[name], schema, children, result)
        if problem or schema is None:
            result.problems.append(f"{node.title}.{name} {problem}")
            continue
        node.children[schema.name] = [
            _carry_block(child, node, result) if schema.owned else child for child in children
        ]


def _carry_block(old: Node, parent: Node, result: Migrated) -> Node:
    assert old.id is not None
    blocks = parent.owner.schema.blocks
    node = Node.of_block(old.id, parent.owner, blocks[result.kind(old.title, blocks)], is_own=True)
    _carry(old, node, result)
    return node


def _misfit(before: FieldSchema, after: FieldSchema | None, children: Sequence[Node], result: Migrated) -> str:
    if after is None or not after.is_block:
        return "is gone, and holds blocks"
    if before.owned != after.owned:
        return "would hold blocks of another owner"
    kinds = {result.kind(child.title, after.blocks) for child in children}
    foreign = sorted(kinds - set(after.blocks))
    if foreign:
        return f"no longer takes a block {', '.join(foreign)}, and holds one"
    if not after.is_list:
        return "takes one block, and holds more" if len(children) > 1 else ""
    try:
        after.check_count(len(children))
    except ValueError as error:
        return f"{error}, and has {len(children)}"
    return ""


def _fill(old: Node, node: Node, result: Migrated) -> None:
    for schema in node.fields.values():
        is_new = schema.name not in old.fields and schema.formerly not in old.fields
        is_needed = schema.is_required_in(node.owner.status)
        if schema.computed is None and schema.default is not None and schema.name not in node.values:
            if is_new or is_needed:
                node.set_value(schema, schema.default)
                result.filled.append(f"{node.title}.{schema.name} = {schema.default!r}")
        elif schema.owned and schema.is_block and not node.below(schema.name) and is_new:
            _make_blocks(schema, node, result)


def _make_blocks(schema: FieldSchema, node: Node, result: Migrated) -> None:
    fewest = schema.fewest if schema.is_list else int(schema.kind is FieldKind.BLOCK and len(schema.blocks) == 1)
    for _ in range(fewest):
        node.add(schema, schema.blocks[-1])
        result.filled.append(f"{node.title}.{schema.name} = a new {schema.blocks[-1]}")
