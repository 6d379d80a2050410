"""Bring a subscription into the world: status initial, out of sync, with the blocks its product begins with."""

from uuid import UUID

from django.db import transaction

from products.models import Product, ProductStatus
from products.queries import current_version, schema_of
from subscriptions import tree
from subscriptions.actions.errors import SaveRefused
from subscriptions.actions.history import Cause
from subscriptions.actions.saving import write
from subscriptions.lifecycle import SubscriptionLifecycle
from subscriptions.models import Subscription

ORDERED = {ProductStatus.ACTIVE, ProductStatus.PRE_PRODUCTION}
"""Statuses of products of which there may be new subscriptions."""


class ProductChanged(SaveRefused):
    """A product was changed since a step began to create a subscription of it."""

    retryable = True

    def __init__(self, name: str) -> None:
        super().__init__(f"“{name}” was changed since this step began to create one, so nothing was saved; retry it.")


@transaction.atomic
def mint(product_id: UUID, *, customer_id: str, subscription_id: UUID, cause: Cause) -> tree.Subscription:
    """Make a subscription of the current version of a product; its description is the product's name until it is given.

    The product's row is locked, so that no new version of it is published unseen meanwhile. Raises
    `Product.DoesNotExist` and `ProductVersion.DoesNotExist`.
    """
    product = Product.objects.select_for_update(no_key=True).get(pk=product_id)
    version = current_version(product_id)
    Subscription.objects.create(
        id=subscription_id, description=product.name, product=product, product_version=version,
        customer_id=customer_id, version=0, created_at=cause.at, modified_at=cause.at,
    )  # fmt: skip
    schema = schema_of(version.pk)
    owner = tree.Owner(
        subscription_id, schema, product.name, SubscriptionLifecycle.INITIAL, insync=False, customer_id=customer_id
    )
    facts = tree.ProductFacts(
        product.pk, product.name, product.product_type, product.tag, product.status, product.description, schema
    )
    subscription = tree.construct(owner, facts)
    write(subscription, cause=cause)
    return subscription


@transaction.atomic
def admit(subscription: tree.Subscription, *, cause: Cause) -> None:
    """Make the row of a new subscription that a step has filled; `save` writes the rest, as its first version.

    The product's row is locked, as in `mint`. Raises `ProductChanged`.
    """
    product = Product.objects.select_for_update(no_key=True).get(pk=subscription.product.product_id)
    version = current_version(product.pk)
    if product.status not in ORDERED or version.number != subscription.product.schema.version:
        raise ProductChanged(product.name)
    Subscription.objects.create(
        id=subscription.subscription_id, description=subscription.description, product=product,
        product_version=version, customer_id=subscription.customer_id, version=0, created_at=cause.at,
        modified_at=cause.at,
    )  # fmt: skip
