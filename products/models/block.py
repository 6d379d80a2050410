"""Resource types, blocks and their fields: the parts that products are put together from."""

from uuid import uuid4

from django.db import models
from django.db.models import Value

from processes.models.json_field import JSONField
from products.models.status import ProductStatus
from products.schema import FieldKind, RequiredFrom, ScalarKind, UniqueScope


def _choices(words: type[FieldKind | RequiredFrom | ScalarKind | UniqueScope]) -> list[tuple[str, str]]:
    return [(word.value, word.value.replace("_", " ")) for word in words]


class ResourceType(models.Model):
    """A typed attribute that fields of several blocks may share; bounds are kept as text, exact for decimals."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    name = models.CharField(
        max_length=510, unique=True, help_text="Letters, digits and underscores, such as “port_speed”."
    )
    description = models.CharField(max_length=2000, blank=True, help_text="What the value means, with its unit.")
    kind = models.CharField(
        max_length=20, choices=_choices(ScalarKind), help_text="What kind of value it is; everything else follows."
    )
    choices = JSONField(default=list, blank=True, help_text="The values allowed; for an enum or an integer.")
    labels = JSONField(
        default=dict, blank=True, db_default=Value({}, JSONField()), help_text="What people see of a choice."
    )
    minimum = models.CharField(max_length=45, blank=True, help_text="The least value; for an integer or a decimal.")
    maximum = models.CharField(max_length=45, blank=True, help_text="The greatest value; for an integer or a decimal.")
    min_length = models.PositiveIntegerField(
        null=True, blank=True, verbose_name="shortest length", help_text="In characters; for a string or a text."
    )
    max_length = models.PositiveIntegerField(
        null=True, blank=True, verbose_name="longest length", help_text="In characters; for a string or a text."
    )
    pattern = models.CharField(
        max_length=1000, blank=True, help_text="A regular expression that the whole text must match."
    )
    formerly = models.CharField(
        max_length=510, blank=True, default="", db_default="", help_text="The name it had before, in files too."
    )
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class ProductBlock(models.Model):
    """A component type: a set of fields that travels together and that products and other blocks can hold."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    name = models.CharField(max_length=255, unique=True, help_text="A component, such as “Port” or “Service access”.")
    description = models.CharField(max_length=2000, blank=True, help_text="What this component is, in one sentence.")
    tag = models.CharField(max_length=20, blank=True, help_text="Short code, such as “SAP”.")
    status = models.CharField(
        max_length=20,
        choices=ProductStatus.choices,
        default=ProductStatus.ACTIVE,
        db_default=ProductStatus.ACTIVE.value,
        help_text="One at its end of life is held by no product that is not.",
    )
    end_date = models.DateTimeField(
        null=True, blank=True, verbose_name="ends at", help_text="When it will no longer be used, if that is known."
    )
    formerly = models.CharField(
        max_length=255,
        blank=True,
        default="",
        db_default="",
        help_text="The name it had before: blocks that were delivered under that name stay what they are.",
    )
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(name="block_known_status", condition=models.Q(status__in=ProductStatus.values))
        ]

    def __str__(self) -> str:
        return self.name


class BlockField(models.Model):
    """One field of a block: a typed value, or blocks; what may be combined is said by `products.schema.checks`."""

    block = models.ForeignKey(ProductBlock, on_delete=models.CASCADE, related_name="fields")
    position = models.PositiveIntegerField(default=0)
    name = models.CharField(max_length=255)
    kind = models.CharField(max_length=20, choices=_choices(FieldKind), default=FieldKind.SCALAR.value)
    resource_type = models.ForeignKey(
        ResourceType, null=True, blank=True, on_delete=models.PROTECT, related_name="fields"
    )
    blocks = models.ManyToManyField(ProductBlock, blank=True, related_name="held_by")
    owned = models.BooleanField(default=True)
    minimum = models.PositiveIntegerField(null=True, blank=True)
    maximum = models.PositiveIntegerField(null=True, blank=True)
    unique_items = models.BooleanField(default=False)
    required_from = models.CharField(max_length=20, choices=_choices(RequiredFrom), default=RequiredFrom.NEVER.value)
    default = JSONField(null=True, blank=True)
    modifiable = models.BooleanField(default=True)
    unique_scope = models.CharField(max_length=20, choices=_choices(UniqueScope), default="", blank=True)
    description = models.CharField(max_length=2000, blank=True)
    computed = models.CharField(max_length=1000, null=True, blank=True)
    formerly = models.CharField(max_length=255, blank=True, default="", db_default="")

    class Meta:
        ordering = ["position", "id"]
        constraints = [models.UniqueConstraint(fields=["block", "name"], name="block_field_unique_name")]

    def __str__(self) -> str:
        return self.name
