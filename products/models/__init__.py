"""Tables of the catalogue: resource types, blocks with fields, products with all they offer, published versions.

Not here: who writes them (`products.actions`, the admin). The rule: a published version never changes. Begin with
`block`, then `product`.
"""

from products.models.block import BlockField, ProductBlock, ResourceType
from products.models.narrowing import NarrowedField
from products.models.product import (
    FixedInput,
    Product,
    ProductQuerySet,
    ProductVersion,
    ProductWorkflow,
    RootBlock,
    VersionIsImmutable,
)
from products.models.rule import BlockRule, ProductRule
from products.models.status import ProductStatus

__all__ = [
    "BlockField",
    "BlockRule",
    "FixedInput",
    "NarrowedField",
    "Product",
    "ProductBlock",
    "ProductQuerySet",
    "ProductRule",
    "ProductStatus",
    "ProductVersion",
    "ProductWorkflow",
    "ResourceType",
    "RootBlock",
    "VersionIsImmutable",
]
