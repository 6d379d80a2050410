"""The table of products; cells are small templates, rows come prefetched."""

import django_tables2 as tables

from products.models import Product


class ProductTable(tables.Table):
    """What there is to order, and what it is made of."""

    caption = "Products"

    name = tables.Column(linkify=("products:detail", {"pk": tables.A("pk")}))
    product_type = tables.Column(verbose_name="Type")
    tag = tables.Column()
    status = tables.TemplateColumn("{% load look %}{% status record.status %}")
    fixed_inputs = tables.TemplateColumn(
        "{% for fixed in record.fixed_inputs.all %}"
        "{{ fixed.name }} {{ fixed.value }}{% if not forloop.last %}, {% endif %}"
        "{% empty %}<span class='text-secondary'>none</span>{% endfor %}",
        orderable=False,
        verbose_name="Fixed inputs",
    )
    blocks = tables.TemplateColumn(
        "{% for root in record.roots.all %}{{ root.block.name }}{% if not forloop.last %}, {% endif %}{% endfor %}",
        orderable=False,
    )
    description = tables.Column()
    created_at = tables.TemplateColumn("{% load look %}{% ago record.created_at %}", verbose_name="Created")

    class Meta:
        model = Product
        fields = ["name", "product_type", "tag", "status", "fixed_inputs", "blocks", "description", "created_at"]
        order_by = ("name",)
        empty_text = "No product matches."
