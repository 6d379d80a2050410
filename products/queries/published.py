"""What is published and offered: versions of products, their schemas, and the workflows to start for them."""

from functools import lru_cache
from uuid import UUID

from processes.access.permissions import Action, AnyUser, decide
from processes.engine.values.status import Target
from products.models import Product, ProductQuerySet, ProductStatus, ProductVersion, ProductWorkflow
from products.schema import ProductSchema

SCHEMAS_KEPT = 512


def current_version(product_id: UUID) -> ProductVersion:
    """The latest published version; `ProductVersion.DoesNotExist` when there is none."""
    version = ProductVersion.objects.filter(product_id=product_id).order_by("-number").first()
    if version is None:
        raise ProductVersion.DoesNotExist(f"Product {product_id} has no published version.")
    return version


def current_schema(product_id: UUID) -> ProductSchema:
    """The schema of the latest published version; `ProductVersion.DoesNotExist` when there is none."""
    return schema_of(current_version(product_id).pk)


def published_schema(product_id: UUID) -> ProductSchema | None:
    """The schema of the latest published version, None before the first."""
    version_id = ProductVersion.objects.filter(product_id=product_id).order_by("-number").values_list("pk").first()
    return schema_of(version_id[0]) if version_id else None


@lru_cache(maxsize=SCHEMAS_KEPT)
def schema_of(version_id: UUID) -> ProductSchema:
    """The schema of a version; kept, since versions never change. `ProductVersion.DoesNotExist` when unknown."""
    return ProductSchema.from_json(ProductVersion.objects.values_list("schema", flat=True).get(pk=version_id))


def offers(product_id: UUID) -> dict[str, list[str]]:
    """Names of the workflows a product offers, by target, in the modeller's order; targets without any are absent."""
    found: dict[str, list[str]] = {}
    rows = ProductWorkflow.objects.filter(product_id=product_id).values_list("target", "workflow_name")
    for target, name in rows:
        found.setdefault(target, []).append(name)
    return found


def offered(product_id: UUID, workflow_name: str) -> bool:
    """Whether a product offers a workflow."""
    return ProductWorkflow.objects.filter(product_id=product_id, workflow_name=workflow_name).exists()


def workflow_of(product_id: UUID, target: Target) -> str | None:
    """The usual workflow of a product for a target: the first it offers."""
    rows = ProductWorkflow.objects.filter(product_id=product_id, target=target)
    return rows.values_list("workflow_name", flat=True).first()


def orderable() -> ProductQuerySet:
    """Products that can be ordered now: active, with a create workflow."""
    return Product.objects.orderable()


def orderable_by(user: AnyUser) -> ProductQuerySet:
    """The same, with those in pre production for somebody who may test some; which ones, `may_order` says."""
    return Product.objects.testable() if decide(user, Action.TEST).allowed else orderable()


def may_order(product: Product, user: AnyUser) -> bool:
    """Whether the status of a product lets this user order it: active, or in pre production for those who may test."""
    if product.status == ProductStatus.PRE_PRODUCTION:
        return decide(user, Action.TEST, product).allowed
    return product.status == ProductStatus.ACTIVE


def products() -> ProductQuerySet:
    """All products with what lists and details show, in a fixed number of queries."""
    return Product.objects.with_all()
