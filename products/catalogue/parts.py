"""What a catalogue file consists of, beside the schema of each part; keys that say nothing new are left out."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StrictBool,
    StrictInt,
    StrictStr,
    ValidationError,
    model_validator,
)

from products.schema import (
    BlockSchema,
    FieldKind,
    FieldSchema,
    FixedInputSchema,
    Narrowing,
    RequiredFrom,
    RuleSchema,
    ScalarKind,
    ScalarType,
    UniqueScope,
    root_field,
)
from products.schema.fields import BLOCK_KINDS
from products.schema.moments import check_in_calendar
from products.schema.parsing import parse_datetime, parse_decimal, parse_text


def _bound(value: object) -> int | str:
    """A bound as a whole number or, exact, as text."""
    plain = parse_decimal(value)
    return plain if "." in plain else int(plain)


def _choice(value: object) -> object:
    if isinstance(value, bool) or not isinstance(value, (int, str)):
        raise ValueError("must be text or a whole number")
    return value


def _choice_text(value: object) -> str:
    return str(_choice(value))


def _in_utc(moment: datetime) -> datetime:
    return datetime.fromisoformat(parse_datetime(moment))


Text = Annotated[StrictStr, AfterValidator(parse_text)]
Name = Annotated[Text, Field(min_length=1, max_length=255)]
Description = Annotated[Text, Field(max_length=2000)]
Tag = Annotated[Text, Field(max_length=20)]
Count = Annotated[StrictInt, Field(ge=0, le=1_000_000)]
OfferTarget = Literal["create", "modify", "terminate", "validate", "reconcile"]
Status = Literal["active", "pre production", "phase out", "end of life"]
Bound = Annotated[StrictInt | StrictStr, BeforeValidator(_bound)]
Moment = Annotated[AwareDatetime, AfterValidator(_in_utc)]
ChoiceText = Annotated[str, BeforeValidator(_choice_text)]
Label = Annotated[Text, Field(min_length=1, max_length=255)]
Choice = Annotated[StrictInt | Text, BeforeValidator(_choice)]


class Part(BaseModel):
    """A part of the file; unknown keys are refused."""

    model_config = ConfigDict(extra="forbid")

    def written(self) -> dict[str, Any]:
        """The part as it stands in a file."""
        return self.model_dump(mode="json", exclude_defaults=True)


class ResourceTypePart(Part):
    """A typed attribute."""

    name: Annotated[Text, Field(min_length=1, max_length=510)]
    kind: ScalarKind
    description: Description = ""
    choices: list[Choice] = []
    labels: dict[ChoiceText, Label] = {}
    minimum: Bound | None = None
    maximum: Bound | None = None
    min_length: Count | None = None
    max_length: Count | None = None
    pattern: Annotated[Text, Field(max_length=1000)] = ""
    formerly: Annotated[Text, Field(max_length=510)] = ""

    def scalar(self) -> ScalarType:
        """The type it names, not checked."""
        return ScalarType(
            kind=self.kind,
            name=self.name,
            choices=tuple(self.choices),
            minimum=None if self.minimum is None else Decimal(self.minimum),
            maximum=None if self.maximum is None else Decimal(self.maximum),
            min_length=self.min_length,
            max_length=self.max_length,
            pattern=self.pattern,
            labels=tuple(self.labels.items()),
        )

    @classmethod
    def of(cls, scalar: ScalarType, description: str, formerly: str = "") -> "ResourceTypePart":
        """The part that describes a type; one that cannot be built is written as it is, and refused when read."""
        written = {**scalar.to_json(), "description": description, "formerly": formerly}
        try:
            return cls.model_validate(written)
        except ValidationError:
            return cls.model_construct(**{**written, "kind": scalar.kind})


class FieldPart(Part):
    """A field of a block; a value of the resource type of its own name unless it says otherwise."""

    name: Name
    kind: FieldKind = FieldKind.SCALAR
    resource_type: Name | None = None
    blocks: list[Name] = []
    owned: StrictBool = True
    minimum: Count | None = None
    maximum: Count | None = None
    unique_items: StrictBool = False
    required_from: RequiredFrom = RequiredFrom.NEVER
    default: Any = None
    modifiable: StrictBool = True
    unique_scope: UniqueScope = UniqueScope.NONE
    description: Description = ""
    computed: Annotated[Text, Field(min_length=1, max_length=1000)] | None = None
    formerly: Annotated[Text, Field(max_length=255)] = ""

    def field(self, types: Mapping[str, ScalarType]) -> FieldSchema:
        """The field it describes; `ValueError` for an unknown resource type or a default that its type refuses."""
        field = self.field_as_it_is(types)
        if field.default is None or field.scalar is None or field.computed is not None:
            return field
        try:
            return replace(field, default=field.parse(field.default))
        except ValueError as error:
            raise ValueError(f"has a default that {error}") from error

    def field_as_it_is(self, types: Mapping[str, ScalarType]) -> FieldSchema:
        """The same, with its default as it stands; `ValueError` for an unknown resource type."""
        values = {key: value for key, value in self if key not in ("resource_type", "blocks")}
        return FieldSchema(**values, scalar=self._scalar(types), blocks=tuple(sorted(set(self.blocks))))

    @classmethod
    def of(cls, field: FieldSchema) -> "FieldPart":
        """The part that describes a field; one that cannot be built is written as it is, and refused when read."""
        values = {key: value for key, value in field.to_json().items() if key != "scalar"}
        named = field.scalar.name if field.scalar and field.scalar.name != field.name else None
        written = {**values, "resource_type": named}
        try:
            return cls.model_validate(written)
        except ValidationError:
            enums = {key: getattr(field, key) for key in ("kind", "required_from", "unique_scope")}
            return cls.model_construct(**{**written, **enums})

    def _scalar(self, types: Mapping[str, ScalarType]) -> ScalarType | None:
        if self.kind in BLOCK_KINDS and self.resource_type is None:
            return None
        return known_type(self.resource_type or self.name, types)


class RulePart(Part):
    """What must hold between several fields, and what is said when it does not."""

    rule: Annotated[Text, Field(min_length=1, max_length=1000)]
    message: Annotated[Text, Field(min_length=1, max_length=500)]

    def rule_schema(self) -> RuleSchema:
        """The rule it describes."""
        return RuleSchema(self.rule, self.message)

    @classmethod
    def of(cls, rule: RuleSchema) -> "RulePart":
        """The part that describes a rule."""
        return cls.model_construct(rule=rule.rule, message=rule.message)


class BlockPart(Part):
    """A component type with its fields and the rules between them."""

    name: Name
    description: Description = ""
    tag: Tag = ""
    status: Status = "active"
    end_date: Annotated[Moment, AfterValidator(check_in_calendar)] | None = None
    formerly: Annotated[Text, Field(max_length=255)] = ""
    fields: list[FieldPart] = []
    rules: list[RulePart] = []

    @classmethod
    def of(cls, block: BlockSchema, facts: Mapping[str, Any]) -> "BlockPart":
        """The part that describes a block; `facts` are its status, end date and former name, where it has some."""
        fields = [FieldPart.of(field) for field in block.fields]
        rules = [RulePart.of(rule) for rule in block.rules]
        told = {key: facts[key] for key in ("status", "end_date", "formerly")}
        return cls(name=block.name, description=block.description, tag=block.tag, fields=fields, rules=rules, **told)


class FixedInputPart(Part):
    """A constant of a product; of the resource type of its own name unless it says otherwise."""

    name: Name
    resource_type: Name | None = None
    value: Any

    def fixed_input(self, types: Mapping[str, ScalarType]) -> FixedInputSchema:
        """The constant it describes; `ValueError` for an unknown resource type or a value that it refuses."""
        fixed = self.fixed_input_as_it_is(types)
        return replace(fixed, value=fixed.scalar.parse(fixed.value))

    def fixed_input_as_it_is(self, types: Mapping[str, ScalarType]) -> FixedInputSchema:
        """The same, with its value as it stands; `ValueError` for an unknown resource type."""
        return FixedInputSchema(self.name, known_type(self.resource_type or self.name, types), self.value)

    @classmethod
    def of(cls, fixed: FixedInputSchema) -> "FixedInputPart":
        """The part that describes a constant."""
        named = fixed.scalar.name if fixed.scalar.name != fixed.name else None
        return cls(name=fixed.name, resource_type=named, value=fixed.value)


class RootPart(Part):
    """A top-level block of a product under the name that authors use; or several, or one of several kinds."""

    name: Name
    block: Name | None = None
    blocks: list[Name] = []
    kind: Literal["block", "optional_block", "block_list"] = "block"
    minimum: Count | None = None
    maximum: Count | None = None

    @model_validator(mode="after")
    def names_its_blocks(self) -> "RootPart":
        if (self.block is None) == (not self.blocks):
            raise ValueError("expected either “block” with one name or “blocks” with several")
        return self

    @property
    def kinds(self) -> tuple[str, ...]:
        """The names of the blocks that may be there."""
        return tuple(sorted(set(self.blocks))) if self.block is None else (self.block,)

    def field(self) -> FieldSchema:
        """The root it describes."""
        return root_field(self.name, FieldKind(self.kind), self.kinds, self.minimum, self.maximum)

    @classmethod
    def of(cls, root: FieldSchema) -> "RootPart":
        """The part that describes a root."""
        named: dict[str, Any] = {"block": root.blocks[0]} if len(root.blocks) == 1 else {"blocks": list(root.blocks)}
        named |= {"minimum": root.minimum, "maximum": root.maximum}
        return cls.model_construct(name=root.name, kind=root.kind.value, **named)


class NarrowPart(Part):
    """A field of a block that is narrower in this product."""

    block: Name
    field: Name
    fewest: Count | None = None
    most: Count | None = None
    choices: list[Choice] = []
    minimum: Bound | None = None
    maximum: Bound | None = None

    def narrowing(self) -> Narrowing:
        """What it makes narrower, not checked."""
        return Narrowing(
            block=self.block,
            field=self.field,
            fewest=self.fewest,
            most=self.most,
            choices=tuple(self.choices),
            minimum=None if self.minimum is None else Decimal(self.minimum),
            maximum=None if self.maximum is None else Decimal(self.maximum),
        )

    @classmethod
    def of(cls, narrowing: Narrowing) -> "NarrowPart":
        """The part that describes it; one that cannot be is written as it is, and refused when read."""
        written = narrowing.to_json()
        try:
            return cls.model_validate(written)
        except ValidationError:
            return cls.model_construct(**written)


class ProductPart(Part):
    """A thing one can order, with its constants, top-level blocks and offers."""

    name: Name
    description: Annotated[Description, Field(min_length=1)]
    product_type: Name
    tag: Annotated[Tag, Field(min_length=1)]
    status: Status = "active"
    end_date: Annotated[Moment, AfterValidator(check_in_calendar)] | None = None
    fixed_inputs: list[FixedInputPart] = []
    blocks: list[RootPart] = []
    narrow: list[NarrowPart] = []
    rules: list[RulePart] = []
    workflows: dict[OfferTarget, list[Name]] = {}


class CatalogueFile(Part):
    """A whole file."""

    resource_types: list[ResourceTypePart] = []
    blocks: list[BlockPart] = []
    products: list[ProductPart] = []


def known_type(name: str, types: Mapping[str, ScalarType]) -> ScalarType:
    """The type of that name; `ValueError` when there is none."""
    if name not in types:
        raise ValueError(f"expected a known resource type, not “{name}”")
    return types[name]
