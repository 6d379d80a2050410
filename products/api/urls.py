"""Addresses of products below /api/."""

from django.urls import path

from products.api.views import ProductList, ProductOne

urlpatterns = [
    path("products/", ProductList.as_view(), name="api-products"),
    path("products/<uuid:product_id>", ProductOne.as_view(), name="api-product"),
    path("products/<uuid:product_id>/", ProductOne.as_view(schema=None)),
]
