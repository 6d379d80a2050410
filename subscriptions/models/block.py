"""Block instances, the relations between them, and values that may occur only once."""

import hashlib
from uuid import UUID, uuid4

import orjson
from django.db import models
from django.db.models import Q

from processes.models.json_field import JSONField
from products.schema import FieldSchema, UniqueScope
from subscriptions.models.subscription import Subscription


class BlockInstance(models.Model):
    """One component of the subscription that owns it; `values` maps field names to JSON forms.

    Among them are computed ones, as they were when it was saved last, for look-ups; `computed_text` has them as people
    read them, a line each, for the search. A tree works them out anew.
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    subscription = models.ForeignKey(Subscription, on_delete=models.CASCADE, related_name="instances")
    block_name = models.CharField(max_length=255, db_index=True)
    label = models.CharField(max_length=255, null=True, blank=True)
    values = JSONField(default=dict)
    computed_text = models.TextField(blank=True, default="", db_default="")

    def __str__(self) -> str:
        return f"{self.block_name} {self.pk}"


class InstanceRelation(models.Model):
    """A child in an attribute of its parent; without parent, directly below the subscription.

    `subscription` owns the parent, so that the relations of a subscription are found by it.
    """

    id = models.BigAutoField(primary_key=True)
    subscription = models.ForeignKey(Subscription, on_delete=models.CASCADE, related_name="relations")
    parent = models.ForeignKey(
        BlockInstance, on_delete=models.CASCADE, null=True, blank=True, related_name="relations_below"
    )
    child = models.ForeignKey(BlockInstance, on_delete=models.PROTECT, related_name="relations_above")
    attribute = models.CharField(max_length=255)
    position = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(
                fields=["parent", "attribute", "position"],
                name="relation_one_child_a_place",
                condition=Q(parent__isnull=False),
            ),
            models.UniqueConstraint(
                fields=["subscription", "attribute", "position"],
                name="relation_one_root_a_place",
                condition=Q(parent__isnull=True),
            ),
            models.UniqueConstraint(fields=["parent", "child"], name="relation_child_once_below_parent"),
        ]

    def __str__(self) -> str:
        return f"{self.attribute}[{self.position}]"


def unique_key(block: str, field: FieldSchema, product_id: UUID, value: object) -> tuple[str, str]:
    """Scope and digest of a value: the field, with the product where only its subscriptions count; the SHA-256 of
    the JSON form, since a value may be longer than an index takes.
    """
    name = f"{block}.{field.name}"
    scope = f"{name}@{product_id}" if field.unique_scope == UniqueScope.PRODUCT else name
    return scope, hashlib.sha256(orjson.dumps(value, option=orjson.OPT_SORT_KEYS)).hexdigest()


class UniqueValue(models.Model):
    """A value that a field declared unique holds; the key, `unique_key`, is what makes the second one fail."""

    id = models.BigAutoField(primary_key=True)
    scope = models.CharField(max_length=600)
    digest = models.CharField(max_length=64)
    instance = models.ForeignKey(BlockInstance, on_delete=models.CASCADE, related_name="unique_values")
    field = models.CharField(max_length=255)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["scope", "digest"], name="unique_value_once"),
            models.UniqueConstraint(fields=["instance", "field"], name="unique_value_one_a_field"),
        ]

    def __str__(self) -> str:
        return self.scope
