"""The modelling tool: resource types, blocks and products in the admin, published as they are saved."""

from products.admin.blocks import BlockAdmin
from products.admin.products import ProductAdmin
from products.admin.resource_types import ResourceTypeAdmin

__all__ = ["BlockAdmin", "ProductAdmin", "ResourceTypeAdmin"]
