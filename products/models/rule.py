"""Rules over several fields, of a block or of a whole product; what they may say is in `products.schema.rules`."""

from django.db import models

from products.models.block import ProductBlock
from products.models.product import Product


class RuleRow(models.Model):
    """What must hold, as an expression that says yes or no, and what is said when it does not."""

    position = models.PositiveIntegerField(default=0)
    rule = models.CharField(max_length=1000)
    message = models.CharField(max_length=500)

    class Meta:
        abstract = True
        ordering = ["position", "id"]

    def __str__(self) -> str:
        return self.rule


class BlockRule(RuleRow):
    """One between the fields of a block."""

    block = models.ForeignKey(ProductBlock, on_delete=models.CASCADE, related_name="rules")


class ProductRule(RuleRow):
    """One between the blocks of a product."""

    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="rules")
