"""Products as JSON for integrations, from rows that `products.queries.published.products` gave."""

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import uuid5

from processes.engine.values.status import Target
from processes.models import Workflow
from processes.queries.workflows import workflow_row
from products.models import FixedInput, Product, ProductBlock, ProductWorkflow, ResourceType
from products.schema import ProductSchema, json_schema_for

Workflows = Mapping[str, Workflow]
"""What offers name, by name; one that no release has registered yet is absent."""


def workflows_of(products: Iterable[Product]) -> Workflows:
    """The workflows that products offer, in one query."""
    names = {offer.workflow_name for product in products for offer in product.offers.all()}
    return {one.name: one for one in Workflow.objects.filter(name__in=names)} if names else {}


def product_row(product: Product, workflows: Workflows) -> dict[str, Any]:
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
        "fixed_inputs": [_fixed_input_row(product, fixed) for fixed in product.fixed_inputs.all()],
        "product_blocks": [
            {**block_row(block), "attribute": root.name} for root in product.roots.all() for block in root.blocks
        ],
        "workflows": [
            workflow_row(workflows.get(offer.workflow_name) or _unknown(offer, product))
            for offer in product.offers.all()
        ],
    }


def _unknown(offer: ProductWorkflow, product: Product) -> Workflow:
    """What can be told of a workflow that no release has registered yet: what the offer says."""
    is_task = offer.target in {Target.VALIDATE, Target.SYSTEM}
    return Workflow(name=offer.workflow_name, target=offer.target, is_task=is_task, created_at=product.created_at)


def _fixed_input_row(product: Product, fixed: FixedInput) -> dict[str, Any]:
    return {
        "fixed_input_id": uuid5(product.pk, fixed.name),
        "name": fixed.name,
        "value": fixed.value,
        "product_id": product.pk,
        "created_at": product.created_at,
    }


def block_row(block: ProductBlock) -> dict[str, Any]:
    """A block, with the resource types of its fields in their order."""
    types = {field.resource_type.pk: field.resource_type for field in block.fields.all() if field.resource_type}
    return {
        "product_block_id": block.pk,
        "name": block.name,
        "description": block.description,
        "tag": block.tag,
        "status": block.status,
        "created_at": block.created_at,
        "end_date": block.end_date,
        "resource_types": [resource_type_row(one) for one in types.values()],
    }


def resource_type_row(resource_type: ResourceType) -> dict[str, Any]:
    """A resource type: `resource_type` is its name, as its clients know it."""
    return {
        "resource_type_id": resource_type.pk,
        "resource_type": resource_type.name,
        "description": resource_type.description,
        "kind": resource_type.kind,
    }


def product_detail(product: Product, workflows: Workflows, schema: ProductSchema | None) -> dict[str, Any]:
    """The same with the published model: its version, and JSON Schema of the tree of a subscription."""
    return {
        **product_row(product, workflows),
        "version": schema.version if schema else None,
        "schema": json_schema_for(schema) if schema else None,
    }
