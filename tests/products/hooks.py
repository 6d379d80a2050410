"""Hooks of a site for tests, named in settings by their dotted path; they keep what they were told."""

from typing import Any

from products.actions import CatalogueChangeRefused, Effect
from products.models import Product, ProductVersion
from products.schema import ProductSchema

TOLD: list[Any] = []


def remember(product: Product, old: ProductVersion | None, new: ProductVersion, by: str) -> None:
    TOLD.append((product.name, old.number if old else None, new.number, by))


def refuse(product: Product, old: ProductVersion | None, new: ProductVersion, by: str) -> None:
    if old is not None:
        raise CatalogueChangeRefused(f"{product.name}: 1 subscription would not fit.")


def refuse_retirement(product: Product) -> None:
    raise CatalogueChangeRefused(f"{product.name} is still delivered.")


def two_move(product: Product, schema: ProductSchema) -> list[Effect]:
    return [Effect(f"{product.name}: 2 subscriptions would move to version {schema.version}.")]
