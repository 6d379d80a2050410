"""Follow the renames that a file tells of: the catalogue there is, with the new names wherever it has the old ones."""

from collections.abc import Iterator, Mapping, Sequence
from typing import TypeVar

from products.catalogue.parts import (
    BlockPart,
    CatalogueFile,
    FieldPart,
    FixedInputPart,
    Part,
    ProductPart,
    ResourceTypePart,
)

Renames = Mapping[str, str]
P = TypeVar("P", bound=Part)


def renamed(existing: CatalogueFile, given: CatalogueFile) -> CatalogueFile:
    """The catalogue as it is, under the names that the file gives to what it says was called otherwise."""
    types = renames(existing.resource_types, given.resource_types)
    blocks = renames(existing.blocks, given.blocks)
    fields = {
        (part.name, field.formerly): field.name for part in given.blocks for field in part.fields if field.formerly
    }
    if not (types or blocks or fields):
        return existing
    return CatalogueFile.model_construct(
        resource_types=[_copy(part, name=types.get(part.name, part.name)) for part in existing.resource_types],
        blocks=[_block(part, types, blocks) for part in existing.blocks],
        products=[_product(part, types, blocks, fields) for part in existing.products],
    )


def renames(
    existing: Sequence[ResourceTypePart] | Sequence[BlockPart], given: Sequence[ResourceTypePart] | Sequence[BlockPart]
) -> Renames:
    """The new names by the old ones, of what is there under the old name alone."""
    there = {part.name for part in existing}
    return {part.formerly: part.name for part in given if part.formerly in there and part.name not in there}


def faults(
    existing: Sequence[ResourceTypePart] | Sequence[BlockPart], given: Sequence[ResourceTypePart] | Sequence[BlockPart]
) -> Iterator[tuple[str, str]]:
    """The parts of a file that cannot have been renamed so, by name, with the reason."""
    there, named = {part.name for part in existing}, {part.name for part in given}
    for part in given:
        if part.formerly and part.formerly in named:
            yield part.name, f"was formerly “{part.formerly}”, which the file still has"
        elif part.formerly in there and part.name in there:
            yield part.name, f"was formerly “{part.formerly}”, and the catalogue has both: its new name is in use"
    twice = [part.formerly for part in given if part.formerly]
    for part in given:
        if twice.count(part.formerly) > 1:
            yield part.name, f"was formerly “{part.formerly}”, and so was another one"


def _block(part: BlockPart, types: Renames, blocks: Renames) -> BlockPart:
    fields = [_field(field, types, blocks) for field in part.fields]
    return _copy(part, name=blocks.get(part.name, part.name), fields=fields)


def _field(part: FieldPart, types: Renames, blocks: Renames) -> FieldPart:
    return _copy(part, resource_type=_type(part, types), blocks=[blocks.get(name, name) for name in part.blocks])


def _product(part: ProductPart, types: Renames, blocks: Renames, fields: Mapping[tuple[str, str], str]) -> ProductPart:
    inputs = [_copy(fixed, resource_type=_type(fixed, types)) for fixed in part.fixed_inputs]
    roots = [
        _copy(
            root,
            block=blocks.get(root.block, root.block) if root.block else None,
            blocks=[blocks.get(name, name) for name in root.blocks],
        )
        for root in part.blocks
    ]
    narrow = [_copy(one, block=blocks.get(one.block, one.block)) for one in part.narrow]
    narrow = [_copy(one, field=fields.get((one.block, one.field), one.field)) for one in narrow]
    return _copy(part, fixed_inputs=inputs, blocks=roots, narrow=narrow)


def _type(part: FieldPart | FixedInputPart, types: Renames) -> str | None:
    """What the part calls its type now: by its own name where that is the name of the type."""
    named = types.get(part.resource_type or part.name)
    if named is None:
        return part.resource_type
    return None if named == part.name else named


def _copy(part: P, **changes: object) -> P:
    return part.model_copy(update=changes)
