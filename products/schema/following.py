"""Let rules and computed values follow fields that were renamed: what they name is there under a new name."""

from collections.abc import Mapping
from dataclasses import replace

from products.schema.expressions import InvalidExpression, Names, NewNames, parse, renamed, renamed_computed
from products.schema.fields import FieldSchema
from products.schema.product import BlockSchema, ProductSchema, RuleSchema
from products.schema.rules import WHOLE, names_of


def followed(blocks: Mapping[str, BlockSchema]) -> dict[str, BlockSchema]:
    """The blocks with the new names of fields in every expression that has the former ones; others stay as they are."""
    new = _new_names(blocks)
    if not new:
        return dict(blocks)
    names = names_of(_with_former(blocks))
    return {
        name: replace(
            block,
            fields=tuple(_field(field, name, names, new) for field in block.fields),
            rules=tuple(_rule(rule, name, names, new) for rule in block.rules),
        )
        for name, block in blocks.items()
    }


def followed_rules(product: ProductSchema, blocks: Mapping[str, BlockSchema]) -> tuple[RuleSchema, ...]:
    """The same for the rules of a product, given all blocks."""
    new = _new_names(blocks)
    if not new or not product.rules:
        return product.rules
    names = names_of(_with_former(blocks), product.roots)
    return tuple(_rule(rule, WHOLE, names, new) for rule in product.rules)


def _new_names(blocks: Mapping[str, BlockSchema]) -> NewNames:
    return {(block.name, field.formerly): field.name for block in blocks.values() for field in _renamed(block)}


def _with_former(blocks: Mapping[str, BlockSchema]) -> dict[str, BlockSchema]:
    """The blocks with each renamed field under its former name too."""
    return {
        name: replace(
            block, fields=(*block.fields, *(replace(field, name=field.formerly) for field in _renamed(block)))
        )
        for name, block in blocks.items()
    }


def _renamed(block: BlockSchema) -> list[FieldSchema]:
    return [field for field in block.fields if field.formerly and field.formerly not in block.by_name]


def _field(field: FieldSchema, scope: str, names: Names, new: NewNames) -> FieldSchema:
    if field.computed is None:
        return field
    try:
        return replace(field, computed=renamed_computed(field.computed, scope, names, new))
    except InvalidExpression:
        return field


def _rule(rule: RuleSchema, scope: str, names: Names, new: NewNames) -> RuleSchema:
    try:
        return replace(rule, rule=renamed(parse(rule.rule), scope, names, new))
    except InvalidExpression:
        return rule
