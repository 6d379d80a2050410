"""What a product makes narrower in the blocks that it shares; the rules are in `products.schema.narrowing`."""

from django.db import models

from processes.models.json_field import JSONField
from products.models.block import BlockField
from products.models.product import Product


class NarrowedField(models.Model):
    """One field of a block, as this product has it; what is empty stays as it is. Bounds are kept as text."""

    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="narrowed")
    position = models.PositiveIntegerField(default=0)
    field = models.ForeignKey(BlockField, on_delete=models.CASCADE, related_name="narrowed")
    fewest = models.PositiveIntegerField(null=True, blank=True, help_text="Members, for a list.")
    most = models.PositiveIntegerField(null=True, blank=True, help_text="Members, for a list.")
    choices = JSONField(default=list, blank=True)
    minimum = models.CharField(max_length=45, blank=True, help_text="For a number.")
    maximum = models.CharField(max_length=45, blank=True, help_text="For a number.")

    class Meta:
        ordering = ["position", "id"]
        constraints = [models.UniqueConstraint(fields=["product", "field"], name="narrowed_field_once")]

    def __str__(self) -> str:
        return str(self.field)
