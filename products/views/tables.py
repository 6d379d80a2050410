"""The table of products, for the page and as a file."""

from collections.abc import Sequence
from uuid import UUID

import django_tables2 as tables
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from processes.lists import labels
from processes.lists.tables import ListTable, Look
from products.models import Product
from products.queries import products


class ProductTable(ListTable):
    """What there is to order, and what it is made of."""

    name = tables.Column()
    product_type = tables.Column(verbose_name="Type")
    tag = tables.Column()
    status = tables.Column()
    fixed_inputs = tables.Column(orderable=False, verbose_name="Fixed inputs")
    blocks = tables.Column(orderable=False)
    description = tables.Column()
    created_at = tables.Column(verbose_name="Created")

    caption = "Products"
    ties = ("name", "pk")

    class Meta:
        order_by = ("name",)
        empty_text = "No product matches."

    def listed(self, keys: Sequence[UUID]) -> list[Product]:
        rows = products().in_bulk(keys)
        return [rows[one] for one in keys if one in rows]

    def cell_name(self, row: Product, look: Look) -> SafeString:
        return format_html('<a href="{}">{}</a>', reverse("products:detail", args=[row.pk]), row.name)

    def cell_status(self, row: Product, look: Look) -> SafeString:
        return look.status(row.status)

    def cell_fixed_inputs(self, row: Product, look: Look) -> str:
        inputs = (f"{labels.name(fixed.name)} {fixed.shown}" for fixed in row.fixed_inputs.all())
        return ", ".join(inputs) or "none"

    def cell_blocks(self, row: Product, look: Look) -> str:
        return self.export_blocks(row)

    def cell_created_at(self, row: Product, look: Look) -> SafeString:
        return look.ago(row.created_at)

    def export_fixed_inputs(self, row: Product) -> str:
        return ", ".join(f"{fixed.name} {fixed.shown}" for fixed in row.fixed_inputs.all())

    def export_blocks(self, row: Product) -> str:
        return ", ".join(block.name for root in row.roots.all() for block in root.blocks)
