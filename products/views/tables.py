"""The table of products, for the page and as CSV; cells are small templates, rows come prefetched."""

import django_tables2 as tables

from processes.lists import labels
from processes.lists.tables import ListTable
from processes.lists.values import for_people
from products.models import Product


class ProductTable(ListTable):
    """What there is to order, and what it is made of."""

    caption = "Products"

    name = tables.Column(linkify=("products:detail", {"pk": tables.A("pk")}))
    product_type = tables.Column(verbose_name="Type")
    tag = tables.Column()
    status = tables.TemplateColumn("{% load look %}{% status record.status %}")
    fixed_inputs = tables.Column(accessor="pk", orderable=False, verbose_name="Fixed inputs")
    blocks = tables.Column(accessor="pk", orderable=False)
    description = tables.Column()
    created_at = tables.TemplateColumn("{% load look %}{% ago record.created_at %}", verbose_name="Created")

    class Meta:
        model = Product
        fields = ["name", "product_type", "tag", "status", "fixed_inputs", "blocks", "description", "created_at"]
        order_by = ("name",)
        empty_text = "No product matches."

    def render_fixed_inputs(self, record: Product) -> str:
        inputs = (f"{labels.name(fixed.name)} {for_people(fixed.value)}" for fixed in record.fixed_inputs.all())
        return ", ".join(inputs) or "none"

    def render_blocks(self, record: Product) -> str:
        return ", ".join(root.block.name for root in record.roots.all())

    def value_status(self, record: Product) -> str:
        return record.status

    def value_fixed_inputs(self, record: Product) -> str:
        return ", ".join(f"{fixed.name} {for_people(fixed.value)}" for fixed in record.fixed_inputs.all())

    def value_created_at(self, record: Product) -> str:
        return record.created_at.isoformat()
