"""Let rules and computed values follow fields that were renamed: they name a field that is there under a new name."""

from collections.abc import Mapping
from dataclasses import replace

from products.models import BlockField, BlockRule, ProductRule
from products.queries.drafts import Draft, draft
from products.schema import BlockSchema, FieldSchema
from products.schema.expressions import InvalidExpression, Names, NewNames, parse, renamed, renamed_computed
from products.schema.rules import WHOLE, names_of


def follow_renames() -> None:
    """Write the new names of fields into every expression that has the former ones; others stay as they are."""
    modelled = draft()
    new = {
        (block.name, field.formerly): field.name
        for block in modelled.blocks.values()
        for field in block.fields
        if field.formerly and field.formerly not in block.by_name
    }
    if new:
        _follow_in_blocks(names_of(_with_former(modelled.blocks)), new)
        _follow_in_products(modelled, new)


def _with_former(blocks: Mapping[str, BlockSchema]) -> dict[str, BlockSchema]:
    """The blocks with each renamed field under its former name too."""
    return {name: replace(block, fields=(*block.fields, *_former(block))) for name, block in blocks.items()}


def _former(block: BlockSchema) -> list[FieldSchema]:
    renamed_ones = [field for field in block.fields if field.formerly and field.formerly not in block.by_name]
    return [replace(field, name=field.formerly) for field in renamed_ones]


def _follow_in_blocks(names: Names, new: NewNames) -> None:
    for field in BlockField.objects.exclude(computed=None).exclude(computed="").select_related("block"):
        made = _computed(field.computed or "", field.block.name, names, new)
        if made != field.computed:
            BlockField.objects.filter(pk=field.pk).update(computed=made)
    for rule in BlockRule.objects.select_related("block"):
        made = _rule(rule.rule, rule.block.name, names, new)
        if made != rule.rule:
            BlockRule.objects.filter(pk=rule.pk).update(rule=made)


def _follow_in_products(modelled: Draft, new: NewNames) -> None:
    former = _with_former(modelled.blocks)
    for rule in ProductRule.objects.select_related("product"):
        product = modelled.products[rule.product.name]
        made = _rule(rule.rule, WHOLE, names_of({**product.blocks, **former}, product.roots), new)
        if made != rule.rule:
            ProductRule.objects.filter(pk=rule.pk).update(rule=made)


def _computed(text: str, scope: str, names: Names, new: NewNames) -> str:
    try:
        return renamed_computed(text, scope, names, new)
    except InvalidExpression:
        return text


def _rule(text: str, scope: str, names: Names, new: NewNames) -> str:
    try:
        return renamed(parse(text), scope, names, new)
    except InvalidExpression:
        return text
