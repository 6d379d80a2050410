"""Keep values that must be unique: one row a value, claimed and released with the change that brings or takes it."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction

from products.schema import FieldSchema, UniqueScope
from subscriptions import tree
from subscriptions.actions.errors import ValueTaken
from subscriptions.models import UniqueValue, unique_key
from subscriptions.queries.lists import holder_of


@dataclass(frozen=True)
class UniqueClaim:
    """A unique value of one field of one instance."""

    instance: UUID
    block: str
    field: FieldSchema
    value: Any
    product_id: UUID

    @property
    def key(self) -> tuple[str, str]:
        """Scope and digest."""
        return unique_key(self.block, self.field, self.product_id, self.value)

    def row(self) -> UniqueValue:
        scope, digest = self.key
        return UniqueValue(scope=scope, digest=digest, instance_id=self.instance, field=self.field.name)

    def taken(self, holder: str | None) -> ValueTaken:
        return ValueTaken(f"{self.block}.{self.field.name}", self.value, holder, self.field.unique_scope)


def claim_values(subscription: tree.Subscription, changes: tree.Changes) -> None:
    """Claim the unique values of changed instances, and release those they had. Raises `ValueTaken`."""
    touched = [*changes.created, *changes.updated]
    if not _has_unique_fields(subscription, {instance.block for instance in touched}):
        return
    claim_all([claim for instance in touched for claim in claims_of(subscription, instance)], touched)


def claim_all(claims: list[UniqueClaim], instances: list[tree.Instance]) -> None:
    """Make these the claims of these instances, in place of what they had. Raises `ValueTaken`."""
    kept = {(row.instance_id, row.scope, row.digest): row.pk for row in _rows([one.id for one in instances])}
    wanted = {(claim.instance, *claim.key): claim for claim in claims}
    UniqueValue.objects.filter(pk__in=[pk for key, pk in kept.items() if key not in wanted]).delete()
    new = [claim for key, claim in wanted.items() if key not in kept]
    if not new:
        return
    for claim in new:
        _check_free(claim)
    try:
        with transaction.atomic():
            UniqueValue.objects.bulk_create([claim.row() for claim in new])
    except IntegrityError as error:
        raise new[0].taken(None) from error


def claims_of(subscription: tree.Subscription, instance: tree.Instance) -> Iterator[UniqueClaim]:
    """The unique values of one instance."""
    for field in subscription.product.schema.blocks[instance.block].fields:
        if field.unique_scope != UniqueScope.NONE and field.name in instance.values:
            yield UniqueClaim(
                instance.id, instance.block, field, instance.values[field.name], subscription.product.product_id
            )


def release_values(subscription: tree.Subscription) -> None:
    """Release all: what is terminated keeps its values, and no longer keeps others from having them."""
    UniqueValue.objects.filter(instance__subscription=subscription.subscription_id).delete()


def _has_unique_fields(subscription: tree.Subscription, blocks: set[str]) -> bool:
    schemas = (subscription.product.schema.blocks[block] for block in blocks)
    return any(field.unique_scope != UniqueScope.NONE for schema in schemas for field in schema.fields)


def _rows(instances: list[UUID]) -> list[UniqueValue]:
    return list(UniqueValue.objects.filter(instance__in=instances))


def _check_free(claim: UniqueClaim) -> None:
    holder = holder_of(*claim.key)
    if holder is not None:
        raise claim.taken(holder)
