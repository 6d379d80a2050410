"""Products as pages show them: rows in words, worked out here so that templates only lay them out."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from processes.engine.values.status import Target
from processes.lists.values import for_people, number_for_people
from processes.plugins import registry
from products.display.outline import count_of
from products.models import Product
from products.schema import BlockSchema, FieldSchema, RequiredFrom, RuleSchema, ScalarType
from products.schema.parsing import MOST_DIGITS

TARGETS = [target.value for target in Target]
KINDS = {"ip_address": "IP address", "ip_network": "IP network", "mac": "MAC address", "vlan_ranges": "VLAN ranges",
         "url": "URL", "uuid": "UUID", "json": "JSON", "datetime": "date and time"}  # fmt: skip


@dataclass(frozen=True)
class FieldRow:
    """A field in words."""

    name: str
    holds: str
    constraints: str
    required: str
    default: str
    notes: str
    description: str


@dataclass(frozen=True)
class BlockCard:
    """A block with its fields in words."""

    name: str
    tag: str
    description: str
    fields: tuple[FieldRow, ...]
    rules: tuple[RuleSchema, ...] = ()


@dataclass(frozen=True)
class OfferRow:
    """A workflow that is offered; `known` false when no release of the site has it."""

    name: str
    target: str
    description: str
    known: bool


def block_cards(blocks: Iterable[BlockSchema]) -> list[BlockCard]:
    """Blocks with their fields, in order."""
    return [
        BlockCard(block.name, block.tag, block.description, tuple(map(field_row, block.fields)), block.rules)
        for block in blocks
    ]


def field_row(field: FieldSchema) -> FieldRow:
    """A field in words."""
    return FieldRow(
        name=field.name,
        holds=_holds(field),
        constraints=constraints(field.scalar) if field.scalar and not field.computed else "",
        required=_required(field),
        default=for_people(field.default, labels=field.labels),
        notes=", ".join(_notes(field)),
        description=field.description or (f"made from “{field.computed}”" if field.computed else ""),
    )


def offer_rows(product: Product) -> list[OfferRow]:
    """The offers of a product by target; `offers` must be at hand."""
    known = registry.all_workflows()
    rows = [
        OfferRow(
            name=offer.workflow_name,
            target=offer.target,
            description=known[offer.workflow_name].description if offer.workflow_name in known else "",
            known=offer.workflow_name in known,
        )
        for offer in product.offers.all()
    ]
    return sorted(rows, key=lambda row: TARGETS.index(row.target) if row.target in TARGETS else len(TARGETS))


def kind_words(kind: str) -> str:
    """A kind of value in words."""
    return KINDS.get(kind, kind)


def constraints(scalar: ScalarType) -> str:
    """What a type allows, in words; empty when it allows everything of its kind."""
    words = [f"one of {', '.join(_choice(scalar, choice) for choice in scalar.choices)}"] if scalar.choices else []
    words += _span(scalar.minimum, scalar.maximum, "")
    words += _span(scalar.min_length, scalar.max_length, " characters")
    words += [f"matches {scalar.pattern}"] if scalar.pattern else []
    return "; ".join(words)


def _choice(scalar: ScalarType, choice: str | int) -> str:
    """A choice with what people see of it."""
    label = scalar.labels_by_choice.get(str(choice))
    return f"{choice} ({label})" if label else str(choice)


def _bound(bound: Decimal | int) -> str:
    """A bound in digits; one that nobody can read as it is kept, which is no sound one."""
    number = Decimal(bound)
    return number_for_people(bound) if number.is_finite() and abs(number.adjusted()) < MOST_DIGITS else str(bound)


def _span(least: Decimal | int | None, most: Decimal | int | None, unit: str) -> list[str]:
    bounds = {"at least": least, "at most": most}
    found = [f"{word} {_bound(bound)}" for word, bound in bounds.items() if bound is not None]
    return [f"{' and '.join(found)}{unit}"] if found else []


def _holds(field: FieldSchema) -> str:
    if field.scalar:
        kind = kind_words(field.scalar.kind.value)
        return f"list of {kind}, {count_of(field)}" if field.is_list else kind
    blocks = " or ".join(field.blocks)
    count = count_of(field)
    words = f"{blocks} ({count})" if count else blocks
    return words if field.owned else f"reference to {words}"


def _required(field: FieldSchema) -> str:
    if field.computed is not None or field.required_from is RequiredFrom.NEVER:
        return ""
    return f"from {field.required_from.value}"


def _notes(field: FieldSchema) -> list[str]:
    notes = ["computed"] if field.computed is not None else []
    notes += [f"unique ({field.unique_scope.value})"] if field.unique_scope.value else []
    notes += ["fixed once set"] if not field.modifiable else []
    notes += ["unique members"] if field.unique_items else []
    return notes
