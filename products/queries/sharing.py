"""Which products are made with a block or a resource type: whoever changes it changes them all."""

from uuid import UUID

from django.db.models import Q

from products.models import BlockField, Product, ProductBlock, ResourceType

Shared = ProductBlock | ResourceType


def products_with(part: Shared) -> list[Product]:
    """Every product that a change of this part may change, by name; a query for each level of blocks, and one."""
    if isinstance(part, ProductBlock):
        return list(_holding({part.pk}, Q()))
    blocks = set(BlockField.objects.filter(resource_type=part).values_list("block", flat=True))
    return list(_holding(blocks, Q(fixed_inputs__resource_type=part)))


def _holding(blocks: set[UUID], also: Q) -> list[Product]:
    reached, level = set(blocks), set(blocks)
    while level:
        level = set(BlockField.objects.filter(owned=True, blocks__in=level).values_list("block", flat=True)) - reached
        reached |= level
    found = Product.objects.filter(Q(roots__block__in=reached) | Q(roots__others__in=reached) | also)
    return list(found.order_by("name").distinct())
