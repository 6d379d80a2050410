"""Read the modelled rows as schemas, published or not; what is published is asked from `products.queries.published`."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation

from processes.engine.values.words import read_word
from products.models import (
    BlockField,
    BlockRule,
    NarrowedField,
    Product,
    ProductBlock,
    ProductRule,
    ProductStatus,
    ResourceType,
    RootBlock,
)
from products.schema import (
    BlockSchema,
    FieldKind,
    FieldSchema,
    FixedInputSchema,
    InvalidType,
    ModelProblem,
    Narrowing,
    ProductSchema,
    RequiredFrom,
    RuleSchema,
    ScalarKind,
    ScalarType,
    UniqueScope,
    check_blocks,
    check_product,
    check_type,
    narrow,
    owned_closure,
    root_field,
    unsound_blocks,
)

DRAFT = 0
"""The version number of a schema that is not published."""


@dataclass(frozen=True)
class Draft:
    """The catalogue as it is modelled now: types, blocks and products by name, whether they can be built or not."""

    types: dict[str, ScalarType]
    blocks: dict[str, BlockSchema]
    products: dict[str, ProductSchema]
    ended_blocks: frozenset[str] = frozenset()
    ended_products: frozenset[str] = frozenset()
    former_names: Mapping[str, str] = field(default_factory=dict)
    """What blocks were called, by their names."""

    def problems(self) -> list[ModelProblem]:
        """Everything that cannot be built: types, blocks, and products whose blocks can be."""
        found = [*self._unsound_types(), *check_blocks(self.blocks), *self._taken_names()]
        unsound = unsound_blocks(found)
        sound = [product for product in self.products.values() if not unsound & product.blocks.keys()]
        found += [problem for product in sound for problem in check_product(product, self.blocks)]
        return [*found, *self._held_at_their_end()]

    def _taken_names(self) -> Iterator[ModelProblem]:
        for name, former in self.former_names.items():
            if former in self.blocks:
                yield ModelProblem(f"block {name}", f"was formerly “{former}”, which is the name of another block now")

    def _held_at_their_end(self) -> Iterator[ModelProblem]:
        for product in self.products.values():
            for name in sorted(
                self.ended_blocks & product.blocks.keys() if product.name not in self.ended_products else ()
            ):
                yield ModelProblem(f"product {product.name}", f"holds the block {name}, which is at its end of life")

    def _unsound_types(self) -> Iterator[ModelProblem]:
        for name, scalar in self.types.items():
            try:
                check_type(scalar)
            except InvalidType as error:
                yield ModelProblem(f"resource type {name}", str(error), self._users_of(name))

    def _users_of(self, type_name: str) -> frozenset[str]:
        return frozenset(
            block.name
            for block in self.blocks.values()
            if any(field.scalar is not None and field.scalar.name == type_name for field in block.fields)
        )


def draft() -> Draft:
    """The whole catalogue as modelled, in a fixed number of queries. What cannot be built is read all the same."""
    types = {row.name: scalar_type(row) for row in ResourceType.objects.order_by("name")}
    rows = list(_blocks())
    blocks = {row.name: block_schema(row) for row in rows}
    products = Product.objects.with_all().prefetch_related("rules", "narrowed__field__block")
    return Draft(
        types,
        blocks,
        {product.name: product_schema(product, blocks) for product in products},
        ended_blocks=_ended(rows),
        ended_products=_ended(products),
        former_names={row.name: row.formerly for row in rows if row.formerly},
    )


def scalar_type(row: ResourceType) -> ScalarType:
    """The type that a row models, not checked (`check_type`): rows may be older than a limit."""
    return ScalarType(
        kind=read_word(ScalarKind, row.kind),
        name=row.name,
        choices=tuple(row.choices),
        minimum=_bound(row.minimum),
        maximum=_bound(row.maximum),
        min_length=row.min_length,
        max_length=row.max_length,
        pattern=row.pattern,
        labels=tuple(row.labels.items()),
    )


def field_schema(row: BlockField, blocks: Iterable[str]) -> FieldSchema:
    """The field that a row models, with the names of the blocks it may hold."""
    return FieldSchema(
        name=row.name,
        kind=read_word(FieldKind, row.kind),
        scalar=scalar_type(row.resource_type) if row.resource_type else None,
        blocks=tuple(sorted(blocks)),
        owned=row.owned,
        minimum=row.minimum,
        maximum=row.maximum,
        unique_items=row.unique_items,
        required_from=read_word(RequiredFrom, row.required_from),
        default=row.default,
        modifiable=row.modifiable,
        unique_scope=read_word(UniqueScope, row.unique_scope),
        description=row.description,
        computed=row.computed or None,
        formerly=row.formerly,
    )


def block_schema(row: ProductBlock) -> BlockSchema:
    """The block that a row models."""
    fields = [field_schema(field, [block.name for block in field.blocks.all()]) for field in row.fields.all()]
    return BlockSchema(row.name, row.tag, row.description, tuple(fields), rules_of(row.rules.all()))


def rules_of(rows: Iterable[BlockRule | ProductRule]) -> tuple[RuleSchema, ...]:
    """The rules that rows model."""
    return tuple(RuleSchema(row.rule, row.message) for row in rows)


def product_schema(row: Product, blocks: dict[str, BlockSchema]) -> ProductSchema:
    """The product that a row models, as an unpublished version."""
    roots = [root_schema(root) for root in row.roots.all()]
    narrowings = tuple(narrowing(one) for one in row.narrowed.all())
    inputs = [
        FixedInputSchema(fixed.name, scalar_type(fixed.resource_type), fixed.value, fixed.resource_type.description)
        for fixed in row.fixed_inputs.all()
    ]
    return ProductSchema(
        product_id=row.pk,
        name=row.name,
        product_type=row.product_type,
        tag=row.tag,
        version=DRAFT,
        inputs=tuple(inputs),
        roots=tuple(roots),
        blocks=narrow(owned_closure([name for root in roots for name in root.blocks], blocks), narrowings)[0],
        rules=rules_of(row.rules.all()),
        narrow=narrowings,
    )


def root_schema(row: RootBlock) -> FieldSchema:
    """The root that a row models; its blocks must be at hand."""
    blocks = tuple(sorted({block.name for block in row.blocks}))
    return root_field(row.name, read_word(FieldKind, row.kind), blocks, row.minimum, row.maximum)


def narrowing(row: NarrowedField) -> Narrowing:
    """What a row makes narrower; its field and the block of that must be at hand."""
    return Narrowing(
        block=row.field.block.name,
        field=row.field.name,
        fewest=row.fewest,
        most=row.most,
        choices=tuple(row.choices),
        minimum=_bound(row.minimum),
        maximum=_bound(row.maximum),
    )


def _blocks() -> Iterable[ProductBlock]:
    return ProductBlock.objects.prefetch_related("fields__resource_type", "fields__blocks", "rules")


def _ended(rows: Iterable[Product | ProductBlock]) -> frozenset[str]:
    return frozenset(row.name for row in rows if row.status == ProductStatus.END_OF_LIFE)


def _bound(text: str) -> Decimal | None:
    """A bound as it is kept; what is no number is the one that nothing can be held against."""
    try:
        return Decimal(text) if text else None
    except InvalidOperation:
        return Decimal("NaN")
