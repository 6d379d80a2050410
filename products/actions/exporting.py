"""The whole catalogue as a file; ids and dates of creation are not part of it, names are what identifies."""

from collections.abc import Iterable

from processes.engine.values.status import Target
from products.catalogue.parts import (
    BlockPart,
    CatalogueFile,
    FixedInputPart,
    NarrowPart,
    ProductPart,
    ResourceTypePart,
    RootPart,
    RulePart,
)
from products.catalogue.writing import write
from products.models import Product, ProductBlock, ProductWorkflow, ResourceType
from products.queries.drafts import Draft, draft
from products.schema import ProductSchema


def export_catalogue() -> str:
    """YAML of the catalogue as modelled; imported into an empty one and exported again, it gives the same text."""
    return write(catalogue_parts())


def catalogue_parts(modelled: Draft | None = None) -> CatalogueFile:
    """The catalogue as the parts of a file, each kind by name, in a fixed number of queries."""
    modelled = modelled or draft()
    told = {name: facts for name, *facts in ResourceType.objects.values_list("name", "description", "formerly")}
    types = [ResourceTypePart.of(scalar, *told[name]) for name, scalar in modelled.types.items()]
    facts = {row["name"]: row for row in ProductBlock.objects.values("name", "status", "end_date", "formerly")}
    products = [_product_part(row, modelled.products[row.name]) for row in Product.objects.with_all()]
    return CatalogueFile.model_construct(
        resource_types=types,
        blocks=[BlockPart.of(block, facts[name]) for name, block in sorted(modelled.blocks.items())],
        products=sorted(products, key=lambda part: part.name),
    )


def _product_part(row: Product, schema: ProductSchema) -> ProductPart:
    return ProductPart.model_validate({
        "name": row.name,
        "description": row.description,
        "product_type": row.product_type,
        "tag": row.tag,
        "status": row.status,
        "end_date": row.end_date,
        "fixed_inputs": [FixedInputPart.of(fixed) for fixed in schema.inputs],
        "blocks": [RootPart.of(root) for root in schema.roots],
        "narrow": [NarrowPart.of(one) for one in schema.narrow],
        "rules": [RulePart.of(rule) for rule in schema.rules],
        "workflows": _offers(row.offers.all()),
    })  # fmt: skip


def _offers(rows: Iterable[ProductWorkflow]) -> dict[str, list[str]]:
    offered = [(row.target, row.workflow_name) for row in rows]
    by_target = {target.value: [name for of, name in offered if of == target] for target in Target}
    return {target: names for target, names in by_target.items() if names}
