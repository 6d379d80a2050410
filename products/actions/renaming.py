"""Write the new names of renamed fields into the rules and computed values that name them."""

from products.models import BlockField, BlockRule, ProductRule
from products.queries.drafts import draft
from products.schema.following import followed, followed_rules


def follow_renames() -> None:
    """Bring every expression up to the present names of fields; what it cannot read stays as it is. Idempotent."""
    modelled = draft()
    for name, block in followed(modelled.blocks).items():
        before = modelled.blocks[name]
        for old, field in zip(before.fields, block.fields, strict=True):
            if field.computed != old.computed:
                BlockField.objects.filter(block__name=name, name=field.name).update(computed=field.computed)
        for old_rule, rule in zip(before.rules, block.rules, strict=True):
            if rule != old_rule:
                BlockRule.objects.filter(block__name=name, rule=old_rule.rule).update(rule=rule.rule)
    for product in modelled.products.values():
        for old_rule, rule in zip(product.rules, followed_rules(product, modelled.blocks), strict=True):
            if rule != old_rule:
                ProductRule.objects.filter(product__name=product.name, rule=old_rule.rule).update(rule=rule.rule)
