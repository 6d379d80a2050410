"""Blocks and products as values: one immutable picture of what a subscription of a product version looks like."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any
from uuid import UUID

from processes.engine.values.words import is_known
from products.schema.expressions import SUBSCRIPTION, parse
from products.schema.fields import FieldSchema, FixedInputSchema
from products.schema.narrowing import Narrowing, narrowed


@dataclass(frozen=True)
class RuleSchema:
    """What must hold between several fields, and what is said when it does not; an expression that gives yes or no.

    Where it gives neither, since something is not set, the rule is kept.
    """

    rule: str
    message: str

    def to_json(self) -> dict[str, Any]:
        """All of it as JSON."""
        return {"rule": self.rule, "message": self.message}

    @classmethod
    def from_json(cls, written: Mapping[str, Any]) -> "RuleSchema":
        """Read what `to_json` wrote."""
        return cls(**written)


@dataclass(frozen=True)
class BlockSchema:
    """A component type with its fields in the modeller's order, and the rules between them."""

    name: str
    tag: str = ""
    description: str = ""
    fields: tuple[FieldSchema, ...] = ()
    rules: tuple[RuleSchema, ...] = ()

    @cached_property
    def by_name(self) -> Mapping[str, FieldSchema]:
        """The fields by name."""
        return {field.name: field for field in self.fields}

    @cached_property
    def asks_for_users(self) -> bool:
        """Whether a rule or a computed value depends on the blocks that refer to this one."""
        computed = (part for field in self.fields for part in field.expressions)
        return any(part.asks_for_users for part in (*computed, *(parse(rule.rule) for rule in self.rules)))

    @cached_property
    def computed(self) -> tuple[FieldSchema, ...]:
        """The fields that are computed."""
        return tuple(field for field in self.fields if field.computed is not None)

    @cached_property
    def computes_from_subscription(self) -> bool:
        """Whether a computed value tells of the subscription."""
        return any(SUBSCRIPTION in part.names for field in self.computed for part in field.expressions)

    @cached_property
    def computes_beyond(self) -> bool:
        """Whether a computed value depends on more than the values of the block itself."""
        own = {field.name for field in self.fields if not field.is_block and field.computed is None}
        return any(part.names - own for field in self.computed for part in field.expressions)

    def field(self, name: str) -> FieldSchema:
        """The field of that name; KeyError when there is none."""
        return self.by_name[name]

    def narrowed(self, narrowing: Narrowing) -> "BlockSchema":
        """The block with one field narrower; `ValueError` in words where that cannot be."""
        if narrowing.field not in self.by_name:
            raise ValueError(f"is not there; the block has {', '.join(self.by_name) or 'no fields'}")
        made = narrowed(self.by_name[narrowing.field], narrowing)
        return replace(self, fields=tuple(made if field.name == made.name else field for field in self.fields))

    def to_json(self) -> dict[str, Any]:
        """All of it as JSON."""
        fields = [field.to_json() for field in self.fields]
        written = {"name": self.name, "tag": self.tag, "description": self.description, "fields": fields}
        return {**written, **_rules_json(self.rules)}

    @classmethod
    def from_json(cls, written: Mapping[str, Any]) -> "BlockSchema":
        """Read what `to_json` wrote."""
        fields = tuple(FieldSchema.from_json(field) for field in written["fields"])
        return cls(**{**written, "fields": fields, "rules": _rules(written)})


@dataclass(frozen=True)
class ProductSchema:
    """What a subscription of one version of a product looks like.

    `roots` are its top-level block fields (always owned). `blocks` holds the blocks that owned fields can reach;
    a block that is only referred to (`owned` false) is named in its field and described by the product that owns it.
    """

    product_id: UUID
    name: str
    product_type: str
    tag: str
    version: int
    inputs: tuple[FixedInputSchema, ...]
    roots: tuple[FieldSchema, ...]
    blocks: Mapping[str, BlockSchema]
    rules: tuple[RuleSchema, ...] = ()
    narrow: tuple[Narrowing, ...] = ()
    """What `blocks` have narrower here than in the catalogue; they are already as they are in this product."""

    @cached_property
    def fixed_inputs(self) -> Mapping[str, Any]:
        """The values of the fixed inputs by name, as Python has them."""
        return {fixed.name: fixed.python_value for fixed in self.inputs}

    def root(self, name: str) -> FieldSchema:
        """The root of that name; KeyError when there is none."""
        return {root.name: root for root in self.roots}[name]

    def missing(self, tree: Mapping[str, Any], status: str) -> list[tuple[str, FieldSchema]]:
        """The fields that the lifecycle status requires and the tree lacks, as (path, field), outermost first.

        `tree` maps each root to a block or list of blocks. An owned block is a mapping of field names to values;
        where its field allows several blocks, its key `name` names the one it is. A block of another subscription
        may be anything but None. A path looks like `core_link.ports.1.ims_id`. A list lacks members when it has
        fewer than its minimum, at least one.
        """
        return [gap for root in self.roots for gap in self._gaps(root, tree.get(root.name), root.name, status)]

    def same_model(self, other: "ProductSchema") -> bool:
        """Whether both describe the same model, whatever their version numbers."""
        return {**self.to_json(), "version": 0} == {**other.to_json(), "version": 0}

    def to_json(self) -> dict[str, Any]:
        """All of it as JSON; blocks as a list, since their order is part of it."""
        return {
            "product_id": str(self.product_id),
            "name": self.name,
            "product_type": self.product_type,
            "tag": self.tag,
            "version": self.version,
            "inputs": [fixed.to_json() for fixed in self.inputs],
            "roots": [root.to_json() for root in self.roots],
            "blocks": [block.to_json() for block in self.blocks.values()],
            **_rules_json(self.rules),
            **({"narrow": [one.to_json() for one in self.narrow]} if self.narrow else {}),
        }

    @classmethod
    def from_json(cls, written: Mapping[str, Any]) -> "ProductSchema":
        """Read what `to_json` wrote."""
        blocks = [BlockSchema.from_json(block) for block in written["blocks"]]
        return cls(
            **{
                **written,
                "product_id": UUID(written["product_id"]),
                "inputs": tuple(FixedInputSchema.from_json(fixed) for fixed in written["inputs"]),
                "roots": tuple(FieldSchema.from_json(root) for root in written["roots"]),
                "blocks": {block.name: block for block in blocks},
                "rules": _rules(written),
                "narrow": tuple(Narrowing.from_json(one) for one in written.get("narrow", ())),
            }
        )

    def _gaps(self, field: FieldSchema, value: Any, path: str, status: str) -> Iterator[tuple[str, FieldSchema]]:
        members = list(value or ()) if field.is_list else [] if value is None else [value]
        least = max(field.fewest, 1) if field.is_list else 1
        if field.is_required_in(status) and len(members) < least:
            yield path, field
        if not field.is_block or not field.owned:
            return
        for place, member in enumerate(members):
            below = f"{path}.{place}" if field.is_list else path
            for inner in self.block_of(field, member).fields:
                yield from self._gaps(inner, member.get(inner.name), f"{below}.{inner.name}", status)

    def block_of(self, field: FieldSchema, member: Mapping[str, Any]) -> BlockSchema:
        """The block type of a member of an owned field."""
        return self.blocks[field.blocks[0] if len(field.blocks) == 1 else member["name"]]


def _rules_json(rules: tuple[RuleSchema, ...]) -> dict[str, Any]:
    return {"rules": [rule.to_json() for rule in rules]} if rules else {}


def _rules(written: Mapping[str, Any]) -> tuple[RuleSchema, ...]:
    return tuple(RuleSchema.from_json(rule) for rule in written.get("rules", ()))


def narrow(
    blocks: Mapping[str, BlockSchema], narrowings: Iterable[Narrowing]
) -> tuple[dict[str, BlockSchema], list[tuple[int, str]]]:
    """The blocks of a product as it has them, and by number what cannot be narrowed so; that stays as it was."""
    made, faults, seen = dict(blocks), [], set[tuple[str, str]]()
    for number, one in enumerate(narrowings, start=1):
        try:
            if one.block not in made:
                raise ValueError("is not there: the product has no such block")
            if (one.block, one.field) in seen:
                raise ValueError("is narrowed twice")
            seen.add((one.block, one.field))
            made[one.block] = made[one.block].narrowed(one)
        except ValueError as error:
            faults.append((number, f"{one.block}.{one.field} {error}"))
    return made, faults


def json_schema_for(schema: ProductSchema) -> dict[str, Any]:
    """JSON Schema of the tree of a subscription: an object per root, `oneOf` where several blocks are allowed.

    A block of another subscription is the id of its instance (UUID), its block names under `x-blocks`.
    """
    return _object(schema, schema.roots, title=schema.name)


def _object(schema: ProductSchema, fields: tuple[FieldSchema, ...], *, title: str) -> dict[str, Any]:
    properties = {field.name: _property(schema, field) for field in fields}
    return {"type": "object", "title": title, "properties": properties, "additionalProperties": False}


def _property(schema: ProductSchema, field: FieldSchema) -> dict[str, Any]:
    if not is_known(field.kind):
        return {}
    if not field.is_block:
        return field.json_schema()
    member = _member(schema, field)
    if not field.is_list:
        return {**member, "description": field.description} if field.description else member
    bounds = {"minItems": field.minimum, "maxItems": field.maximum}
    return {"type": "array", "items": member, **{key: bound for key, bound in bounds.items() if bound is not None}}


def _member(schema: ProductSchema, field: FieldSchema) -> dict[str, Any]:
    if not field.owned:
        return {"type": "string", "format": "uuid", "title": " or ".join(field.blocks), "x-blocks": list(field.blocks)}
    allowed = [_object(schema, schema.blocks[name].fields, title=name) for name in field.blocks]
    return allowed[0] if len(allowed) == 1 else {"oneOf": allowed}
