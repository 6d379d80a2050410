"""Addresses of the product pages."""

from django.urls import path

from products.views import pages

app_name = "products"
urlpatterns = [
    path("", pages.product_list, name="list"),
    path("<uuid:pk>/", pages.product_detail, name="detail"),
]
