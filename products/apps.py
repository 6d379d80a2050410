"""The Django app `products`."""

from django.apps import AppConfig


class ProductsConfig(AppConfig):
    name = "products"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from products import checks  # noqa: F401 - they register themselves with Django
