"""Addresses of products below /api/."""

from django.urls import path

from products.api.parts import BlockList, BlockOne, ResourceTypeList, ResourceTypeOne
from products.api.views import ProductList, ProductOne

urlpatterns = [
    path("products/", ProductList.as_view(), name="api-products"),
    path("products/<uuid:product_id>", ProductOne.as_view(), name="api-product"),
    path("products/<uuid:product_id>/", ProductOne.as_view(schema=None)),
    path("product_blocks/", BlockList.as_view(), name="api-product-blocks"),
    path("product_blocks/<uuid:product_block_id>", BlockOne.as_view(), name="api-product-block"),
    path("resource_types/", ResourceTypeList.as_view(), name="api-resource-types"),
    path("resource_types/<uuid:resource_type_id>", ResourceTypeOne.as_view(), name="api-resource-type"),
]
