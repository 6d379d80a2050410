"""Products as JSON for integrations, from rows that `products.queries.published.products` gave."""

from typing import Any

from products.models import Product
from products.schema import ProductSchema, json_schema_for


def product_row(product: Product) -> dict[str, Any]:
    """What a list tells of a product."""
    return {
        "product_id": product.pk,
        "name": product.name,
        "description": product.description,
        "product_type": product.product_type,
        "tag": product.tag,
        "status": product.status,
        "created_at": product.created_at,
        "end_date": product.end_date,
        "fixed_inputs": [{"name": fixed.name, "value": fixed.value} for fixed in product.fixed_inputs.all()],
        "product_blocks": [
            {
                "product_block_id": block.pk,
                "name": block.name,
                "attribute": root.name,
                "description": block.description,
                "tag": block.tag,
                "status": block.status,
                "created_at": block.created_at,
                "end_date": block.end_date,
            }
            for root in product.roots.all()
            for block in root.blocks
        ],
        "workflows": [{"name": offer.workflow_name, "target": offer.target} for offer in product.offers.all()],
    }


def product_detail(product: Product, schema: ProductSchema | None) -> dict[str, Any]:
    """The same with the published model: its version, and JSON Schema of the tree of a subscription."""
    return {
        **product_row(product),
        "version": schema.version if schema else None,
        "schema": json_schema_for(schema) if schema else None,
    }
