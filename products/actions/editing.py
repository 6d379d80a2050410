"""Change what a product says of itself without changing its model: description and status."""

from uuid import UUID

from django.conf import settings
from django.db import transaction

from processes.access import audit
from products.actions.publishing import hooks, known_problems, publish_all
from products.models import Product, ProductBlock, ProductStatus, ResourceType


@transaction.atomic
def update_product(
    product_id: UUID, *, by: str, description: str | None = None, status: ProductStatus | None = None
) -> Product:
    """Set what is given; raises `Product.DoesNotExist`, or `CatalogueChangeRefused` for an end of life while in use."""
    product = Product.objects.select_for_update().get(pk=product_id)
    before = {"description": product.description, "status": product.status}
    wanted = {"description": description, "status": status}
    changed = {key: value for key, value in wanted.items() if value is not None and value != before[key]}
    if not changed:
        return product
    if "status" in changed:
        check_status(product, ProductStatus(changed["status"]))
    for key, value in changed.items():
        setattr(product, key, value)
    product.save(update_fields=list(changed))
    detail = {"changes": {key: {"from": before[key], "to": value} for key, value in changed.items()}}
    audit.record("catalogue.change", by=by, kind="product", subject=product.pk, detail=detail)
    return product


@transaction.atomic
def describe(model: type[ProductBlock] | type[ResourceType], key: UUID, description: str, *, by: str) -> None:
    """Set the description of a block or resource type, and publish the products that it is a part of.

    Raises `ProductBlock.DoesNotExist` and `ResourceType.DoesNotExist`, and what publishing raises.
    """
    known = known_problems()
    row = model._default_manager.select_for_update().get(pk=key)
    before = row.description
    if before == description:
        return
    row.description = description
    row.save(update_fields=["description"])
    kind = "block" if isinstance(row, ProductBlock) else "resource_type"
    detail = {"changes": {"description": {"from": before, "to": description}}}
    audit.record("catalogue.change", by=by, kind=kind, subject=row.pk, detail=detail)
    publish_all(by, known)


def check_status(product: Product, status: ProductStatus) -> None:
    """Raise `CatalogueChangeRefused` when the product cannot have this status: no end of life while it is in use."""
    if status is ProductStatus.END_OF_LIFE:
        for hook in hooks(settings.CATALOGUE_RETIRE_HOOKS):
            hook(product)
