"""Put a file over the catalogue there is, as values: what would be modelled then, and every fault with its line."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TypeVar
from uuid import UUID

from processes.engine.values.yaml_text import Path
from products.catalogue.parts import (
    BlockPart,
    CatalogueFile,
    FixedInputPart,
    NarrowPart,
    OfferTarget,
    Part,
    ProductPart,
    ResourceTypePart,
    RootPart,
)
from products.catalogue.reading import CatalogueFileInvalid, Fault, ReadFile
from products.catalogue.renaming import faults, renamed
from products.schema import (
    BlockSchema,
    FieldSchema,
    FixedInputSchema,
    ModelProblem,
    ProductSchema,
    ScalarType,
    check_blocks,
    check_product,
    check_type,
    narrow,
    owned_closure,
)
from products.schema.checks import repeated
from products.schema.following import followed, followed_rules

P = TypeVar("P", bound=ResourceTypePart | BlockPart | ProductPart)

_ANY_PRODUCT = UUID(int=0)
_TARGETS: tuple[OfferTarget, ...] = ("create", "modify", "terminate", "validate", "reconcile")


@dataclass(frozen=True)
class Merged:
    """What would be modelled: the file's own parts in canonical form, and the schemas of everything by name."""

    parts: CatalogueFile
    types: Mapping[str, ScalarType]
    blocks: Mapping[str, BlockSchema]
    products: Mapping[str, ProductSchema]


def merge(
    file: ReadFile, existing: CatalogueFile, targets: Mapping[str, str], known: Collection[ModelProblem] = ()
) -> Merged:
    """What the catalogue would be with the file; raises `CatalogueFileInvalid` with the faults of the first kind found.

    `targets` gives the target of each known workflow by name; an offer of another target is a fault, an offer of a
    workflow not known here is none. `known` are problems that there were before: of what the file does not name, they
    are no faults of the file.
    """
    merging = _Merging(file, renamed(existing, file.parts), known)
    merging.check_renames(existing)
    types, blocks, products = merging.types(), merging.blocks(), merging.products()
    merging.check_offers(targets)
    parts = CatalogueFile(
        resource_types=[
            ResourceTypePart.of(types[part.name], part.description, part.formerly) for part in file.parts.resource_types
        ],
        blocks=[BlockPart.of(blocks[part.name], dict(part)) for part in file.parts.blocks],
        products=[_canonical(part, products[part.name]) for part in file.parts.products],
    )
    return Merged(parts, types, blocks, products)


def _canonical(part: ProductPart, schema: ProductSchema) -> ProductPart:
    values = {
        "fixed_inputs": [FixedInputPart.of(fixed) for fixed in schema.inputs],
        "blocks": [RootPart.of(root) for root in schema.roots],
        "narrow": [NarrowPart.of(one) for one in schema.narrow],
        "workflows": {target: part.workflows[target] for target in _TARGETS if part.workflows.get(target)},
    }
    return part.model_copy(update=values)


@dataclass
class _Merging:
    """The state of one merge; each step needs the ones before it."""

    file: ReadFile
    existing: CatalogueFile
    known: Collection[ModelProblem]
    faults: list[tuple[str, str]] = field(default_factory=list)
    known_types: dict[str, ScalarType] = field(default_factory=dict)
    known_blocks: dict[str, BlockSchema] = field(default_factory=dict)

    @cached_property
    def places(self) -> Mapping[str, Path]:
        """Where in the file each of its parts stands, by its name in words."""
        return dict(_places(self.file.parts))

    def check_renames(self, existing: CatalogueFile) -> None:
        parts = self.file.parts
        self.faults += [
            *((f"resource type {name}", why) for name, why in faults(existing.resource_types, parts.resource_types)),
            *((f"block {name}", why) for name, why in faults(existing.blocks, parts.blocks)),
        ]
        self._stop_at_faults()

    def types(self) -> dict[str, ScalarType]:
        for part in self._parts("resource type", self.existing.resource_types, self.file.parts.resource_types):
            self.known_types[part.name] = part.scalar()
        for part in self.file.parts.resource_types:
            try:
                check_type(self.known_types[part.name])
            except ValueError as error:
                self.faults.append((f"resource type {part.name}", str(error)))
        self._stop_at_faults()
        return self.known_types

    def blocks(self) -> dict[str, BlockSchema]:
        for part in self._parts("block", self.existing.blocks, self.file.parts.blocks):
            fields = tuple(self._fields(part))
            rules = tuple(rule.rule_schema() for rule in part.rules)
            self.known_blocks[part.name] = BlockSchema(part.name, part.tag, part.description, fields, rules)
        self._stop_at_faults()
        given = {part.name for part in self.file.parts.blocks}
        self.known_blocks |= {name: one for name, one in followed(self.known_blocks).items() if name not in given}
        self._add(check_blocks(self.known_blocks))
        self._stop_at_faults()
        return self.known_blocks

    def products(self) -> dict[str, ProductSchema]:
        found = {}
        for part in self._parts("product", self.existing.products, self.file.parts.products):
            product = self._product(part)
            if f"product {part.name}" not in self.places:
                product = replace(product, rules=followed_rules(product, self.known_blocks))
            found[part.name] = product
            self._add(check_product(found[part.name], self.known_blocks))
        self._stop_at_faults()
        return found

    def check_offers(self, targets: Mapping[str, str]) -> None:
        for part in self.file.parts.products:
            offered = [(target, name) for target, names in part.workflows.items() for name in names]
            names = [name for _, name in offered]
            twice = set(repeated(names))
            for target, name in offered:
                where = f"product {part.name}, {target}"
                if name in twice:
                    self.faults.append((where, f"expected the workflow {name} only once"))
                if targets.get(name, target) != target:
                    self.faults.append((where, f"the workflow {name} has the target {targets[name]}, not {target}"))
        self._stop_at_faults()

    def _add(self, problems: Sequence[ModelProblem]) -> None:
        self.faults += [
            (problem.where, problem.message)
            for problem in problems
            if problem not in self.known or problem.where in self.places
        ]

    def _fields(self, part: BlockPart) -> Iterator[FieldSchema]:
        is_named = f"block {part.name}" in self.places
        for one in part.fields:
            try:
                yield one.field(self.known_types) if is_named else one.field_as_it_is(self.known_types)
            except ValueError as error:
                self.faults.append((f"block {part.name}, field {one.name}", str(error)))

    def _product(self, part: ProductPart) -> ProductSchema:
        roots = tuple(root.field() for root in part.blocks)
        closure = owned_closure([name for root in roots for name in root.blocks], self.known_blocks)
        narrowings = tuple(one.narrowing() for one in part.narrow)
        return ProductSchema(
            product_id=_ANY_PRODUCT,
            name=part.name,
            product_type=part.product_type,
            tag=part.tag,
            version=0,
            inputs=tuple(self._inputs(part)),
            roots=roots,
            blocks=narrow(closure, narrowings)[0],
            rules=tuple(rule.rule_schema() for rule in part.rules),
            narrow=narrowings,
        )

    def _inputs(self, part: ProductPart) -> Iterator[FixedInputSchema]:
        is_named = f"product {part.name}" in self.places
        for one in part.fixed_inputs:
            try:
                yield one.fixed_input(self.known_types) if is_named else one.fixed_input_as_it_is(self.known_types)
            except ValueError as error:
                self.faults.append((f"product {part.name}, fixed input {one.name}", str(error)))

    def _parts(self, kind: str, existing: Sequence[P], given: Sequence[P]) -> list[P]:
        """What the file names, after what it does not name; a name given twice is a fault."""
        names = [part.name for part in given]
        self.faults += [(f"{kind} {name}", "is named twice") for name in repeated(names)]
        given_names = set(names)
        return [part for part in existing if part.name not in given_names] + list(given)

    def _stop_at_faults(self) -> None:
        if not self.faults:
            return
        raise CatalogueFileInvalid(
            {self.file.fault(self.places.get(where, ()), f"{where}: {message}") for where, message in self.faults}
        )


def fault_at(file: ReadFile, where: str, message: str) -> Fault:
    """A fault of what is named so (`block Node, field ims_id`), at its line; at the first where the file lacks it."""
    return file.fault(dict(_places(file.parts)).get(where, ()), f"{where}: {message}")


def _places(parts: CatalogueFile) -> Iterator[tuple[str, Path]]:
    for place, resource_type in enumerate(parts.resource_types):
        yield f"resource type {resource_type.name}", ("resource_types", place)
    for place, block in enumerate(parts.blocks):
        yield f"block {block.name}", ("blocks", place)
        yield from _parts_of(f"block {block.name}", ("blocks", place), field=block.fields, rule=block.rules)
    for place, product in enumerate(parts.products):
        where = f"product {product.name}"
        yield where, ("products", place)
        named: dict[str, Sequence[Part]] = {"fixed input": product.fixed_inputs, "root": product.blocks}
        yield from _parts_of(where, ("products", place), **named, narrow=product.narrow, rule=product.rules)
        for target in product.workflows:
            yield f"{where}, {target}", ("products", place, "workflows", target)


_KEYS = {"field": "fields", "rule": "rules", "fixed input": "fixed_inputs", "root": "blocks", "narrow": "narrow"}


def _parts_of(where: str, path: Path, **parts: Sequence[Part]) -> Iterator[tuple[str, Path]]:
    """The parts of a part, each by its name, or its number where it has none."""
    for kind, listed in parts.items():
        for place, part in enumerate(listed):
            yield f"{where}, {kind} {getattr(part, 'name', place + 1)}", (*path, _KEYS[kind], place)
