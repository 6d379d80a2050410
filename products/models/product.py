"""Products and what belongs to them: constants, top-level blocks, offers of workflows, published versions."""

from typing import Any
from uuid import uuid4

from django.db import models

from processes.engine.values.status import Target
from processes.lists.values import for_people
from processes.models.json_field import JSONField
from products.models.block import ProductBlock, ResourceType
from products.models.status import ProductStatus
from products.schema import FieldKind
from products.schema.fields import BLOCK_KINDS


class ProductQuerySet(models.QuerySet["Product"]):
    """Questions about products."""

    def orderable(self) -> "ProductQuerySet":
        """Active ones that offer a create workflow."""
        return self._creating().filter(status=ProductStatus.ACTIVE)

    def testable(self) -> "ProductQuerySet":
        """The same with those that are not released yet."""
        return self._creating().filter(status__in=[ProductStatus.ACTIVE, ProductStatus.PRE_PRODUCTION])

    def _creating(self) -> "ProductQuerySet":
        creating = ProductWorkflow.objects.filter(product=models.OuterRef("pk"), target=Target.CREATE)
        return self.filter(models.Exists(creating))

    def with_all(self) -> "ProductQuerySet":
        """With inputs, roots, their blocks, and offers at hand, in a fixed number of queries."""
        parts = ("roots__block__fields__resource_type", "roots__others__fields__resource_type")
        return self.prefetch_related("fixed_inputs__resource_type", *parts, "offers")


class Product(models.Model):
    """A thing that one can order."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    name = models.CharField(max_length=255, unique=True, help_text="What people order, such as “port 10G”.")
    description = models.CharField(max_length=2000, help_text="One sentence for the person who orders it.")
    product_type = models.CharField(
        max_length=255,
        db_index=True,
        verbose_name="type",
        help_text="Groups products that differ only in their fixed inputs: “port 10G” and “port 100G” are a “Port”.",
    )
    tag = models.CharField(max_length=20, db_index=True, help_text="Short code for lists and filters, such as “PORT”.")
    status = models.CharField(
        max_length=20,
        choices=ProductStatus.choices,
        default=ProductStatus.ACTIVE,
        db_index=True,
        help_text="Only an active product can be ordered. What was ordered before stays as it is.",
    )
    created_at = models.DateTimeField(auto_now_add=True)
    end_date = models.DateTimeField(
        null=True,
        blank=True,
        verbose_name="ends at",
        help_text="When it will no longer be delivered, if that is known.",
    )

    objects = ProductQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(name="product_known_status", condition=models.Q(status__in=ProductStatus.values))
        ]

    def __str__(self) -> str:
        return self.name


class FixedInput(models.Model):
    """A constant of a product, of a typed resource type, such as its speed; `value` is in JSON form."""

    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="fixed_inputs")
    position = models.PositiveIntegerField(default=0)
    name = models.CharField(max_length=255)
    resource_type = models.ForeignKey(ResourceType, on_delete=models.PROTECT, related_name="+")
    value = JSONField()

    class Meta:
        ordering = ["position", "id"]
        constraints = [models.UniqueConstraint(fields=["product", "name"], name="fixed_input_unique_name")]

    def __str__(self) -> str:
        return f"{self.name} = {self.value}"

    @property
    def shown(self) -> str:
        """The value as people read it; `resource_type` must be at hand."""
        return for_people(self.value, labels=self.resource_type.labels)


class RootBlock(models.Model):
    """A top-level block of a product under the name authors use: `subscription.port`; or several, or of several kinds.

    `others` are further kinds that may be there in place of `block`.
    """

    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="roots")
    position = models.PositiveIntegerField(default=0)
    name = models.CharField(max_length=255)
    block = models.ForeignKey(ProductBlock, on_delete=models.PROTECT, related_name="root_of")
    others = models.ManyToManyField(ProductBlock, blank=True, related_name="other_root_of")
    kind = models.CharField(
        max_length=20,
        choices=[(kind.value, kind.value.replace("_", " ")) for kind in sorted(BLOCK_KINDS)],
        default=FieldKind.BLOCK.value,
        db_default=FieldKind.BLOCK.value,
    )
    minimum = models.PositiveIntegerField(null=True, blank=True)
    maximum = models.PositiveIntegerField(null=True, blank=True)

    class Meta:
        ordering = ["position", "id"]
        constraints = [models.UniqueConstraint(fields=["product", "name"], name="root_block_unique_name")]

    def __str__(self) -> str:
        return f"{self.name}: {self.block}"

    @property
    def blocks(self) -> list[ProductBlock]:
        """The kinds that may be there."""
        return [self.block, *self.others.all()]


class ProductWorkflow(models.Model):
    """An offer: this workflow may be started for this product; the first one of a target is its usual one."""

    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="offers")
    position = models.PositiveIntegerField(default=0)
    workflow_name = models.CharField(max_length=255, db_index=True, verbose_name="workflow")
    target = models.CharField(max_length=20, choices=[(target.value, target.value) for target in Target])

    class Meta:
        ordering = ["position", "id"]
        constraints = [
            models.UniqueConstraint(fields=["product", "workflow_name"], name="product_workflow_unique_offer")
        ]

    def __str__(self) -> str:
        return f"{self.workflow_name} ({self.target})"


class VersionIsImmutable(Exception):
    """A published version of a product is never changed; publish a new one."""


class ProductVersion(models.Model):
    """A product as it was published once; `schema` is what `ProductSchema.to_json` wrote. Never changed.

    The key is a UUID, so that a key seen in a transaction that was rolled back never names something else.
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    schema = JSONField()
    created_at = models.DateTimeField(auto_now_add=True)
    created_by = models.CharField(max_length=255)

    class Meta:
        ordering = ["product", "number"]
        constraints = [models.UniqueConstraint(fields=["product", "number"], name="product_version_unique_number")]

    def __str__(self) -> str:
        return f"version {self.number}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Insert; a second save raises `VersionIsImmutable`."""
        if not self._state.adding:
            raise VersionIsImmutable(str(self))
        super().save(*args, **kwargs)
