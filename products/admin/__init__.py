"""The modelling tool: resource types, blocks and products in the admin, published as they are saved.

Not here: rules of a model (`products.schema.checks`). The rule: a save goes through `publishing`, which shows what it
does to delivered subscriptions first. Begin with `publishing`, then `blocks`.
"""

from products.admin.blocks import BlockAdmin
from products.admin.products import ProductAdmin
from products.admin.resource_types import ResourceTypeAdmin

__all__ = ["BlockAdmin", "ProductAdmin", "ResourceTypeAdmin"]
