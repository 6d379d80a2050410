"""Store parts of a catalogue file as rows; what was checked before is not checked again."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models import QuerySet

from products.catalogue.parts import BlockPart, ProductPart, ResourceTypePart
from products.models import (
    BlockField,
    BlockRule,
    FixedInput,
    NarrowedField,
    Product,
    ProductBlock,
    ProductRule,
    ProductWorkflow,
    ResourceType,
    RootBlock,
)
from products.schema import BlockSchema, FieldSchema, Narrowing, ProductSchema


def store_resource_types(parts: Sequence[ResourceTypePart]) -> None:
    """Create or change these resource types."""
    _rename(ResourceType.objects.all(), parts)
    for part in parts:
        values = part.model_dump(mode="json", exclude={"name"})
        bounds = {key: "" if values[key] is None else str(values[key]) for key in ("minimum", "maximum")}
        ResourceType.objects.update_or_create(name=part.name, defaults={**values, **bounds})


def store_blocks(parts: Sequence[BlockPart], schemas: Sequence[BlockSchema]) -> None:
    """Create or change these blocks and their fields; fields of other names go. `schemas` are those of the parts."""
    _rename(ProductBlock.objects.all(), parts)
    for part in parts:
        values = part.model_dump(include={"description", "tag", "status", "end_date", "formerly"})
        ProductBlock.objects.update_or_create(name=part.name, defaults=values)
    blocks = {block.name: block for block in ProductBlock.objects.all()}
    types = {resource_type.name: resource_type for resource_type in ResourceType.objects.all()}
    for schema in schemas:
        row = blocks[schema.name]
        _rename_fields(row, schema)
        row.fields.exclude(name__in=schema.by_name).delete()
        for position, field in enumerate(schema.fields):
            _store_field(row, position, field, blocks=blocks, types=types)
        row.rules.all().delete()
        BlockRule.objects.bulk_create(
            BlockRule(block=row, position=place, **rule.to_json()) for place, rule in enumerate(schema.rules)
        )


def _rename(
    rows: QuerySet[ResourceType] | QuerySet[ProductBlock], parts: Sequence[ResourceTypePart] | Sequence[BlockPart]
) -> None:
    """Give what is there under a former name the new one: it is the same."""
    present = set(rows.values_list("name", flat=True))
    for part in parts:
        if part.formerly in present and part.name not in present:
            rows.filter(name=part.formerly).update(name=part.name)


def _rename_fields(row: ProductBlock, schema: BlockSchema) -> None:
    """Give fields that the block has under their former names the new ones: they are the same fields."""
    present = set(row.fields.values_list("name", flat=True))
    for field in schema.fields:
        if field.formerly in present and field.name not in present:
            row.fields.filter(name=field.formerly).update(name=field.name)


def _store_field(
    row: ProductBlock,
    position: int,
    field: FieldSchema,
    *,
    blocks: Mapping[str, ProductBlock],
    types: Mapping[str, ResourceType],
) -> None:
    values = {
        **{key: value for key, value in field.to_json().items() if key not in ("name", "scalar", "blocks")},
        "formerly": field.formerly,
        "position": position,
        "resource_type": types[field.scalar.name] if field.scalar else None,
    }
    stored, _ = BlockField.objects.update_or_create(block=row, name=field.name, defaults=values)
    stored.blocks.set([blocks[name] for name in field.blocks])


def store_product(part: ProductPart, schema: ProductSchema) -> None:
    """Create or change a product with its constants, roots and offers, in the order of the file."""
    values = part.model_dump(include={"description", "product_type", "tag", "status", "end_date"})
    product, _ = Product.objects.update_or_create(name=part.name, defaults=values)
    types = ResourceType.objects.in_bulk([fixed.scalar.name for fixed in schema.inputs], field_name="name")
    product.fixed_inputs.all().delete()
    product.roots.all().delete()
    product.offers.all().delete()
    product.narrowed.all().delete()
    fields = {(row.block.name, row.name): row for row in BlockField.objects.select_related("block")}
    NarrowedField.objects.bulk_create(
        NarrowedField(product=product, position=place, field=fields[one.block, one.field], **_narrowed(one))
        for place, one in enumerate(schema.narrow)
    )
    product.rules.all().delete()
    ProductRule.objects.bulk_create(
        ProductRule(product=product, position=place, **rule.to_json()) for place, rule in enumerate(schema.rules)
    )
    FixedInput.objects.bulk_create(
        FixedInput(
            product=product,
            position=place,
            name=fixed.name,
            resource_type=types[fixed.scalar.name],
            value=fixed.value,
        )
        for place, fixed in enumerate(schema.inputs)
    )
    _store_roots(product, schema.roots)
    offered = [(target, name) for target, names in part.workflows.items() for name in names]
    ProductWorkflow.objects.bulk_create(
        ProductWorkflow(product=product, position=place, workflow_name=name, target=target)
        for place, (target, name) in enumerate(offered)
    )


def _narrowed(narrowing: Narrowing) -> dict[str, Any]:
    written = narrowing.to_json()
    return {key: value for key, value in written.items() if key not in ("block", "field")}


def _store_roots(product: Product, roots: Sequence[FieldSchema]) -> None:
    blocks = ProductBlock.objects.in_bulk([name for root in roots for name in root.blocks], field_name="name")
    for place, root in enumerate(roots):
        first, *others = (blocks[name] for name in root.blocks)
        row = RootBlock.objects.create(
            product=product,
            position=place,
            name=root.name,
            block=first,
            kind=root.kind.value,
            minimum=root.minimum,
            maximum=root.maximum,
        )
        row.others.set(others)
