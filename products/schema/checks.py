"""Rules of a whole catalogue: what cannot be built, said in words for the person who models."""

import keyword
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from dataclasses import field as described

from processes.engine.values.words import fault_of
from products.schema.constraints import is_sound
from products.schema.expressions import SUBSCRIPTION, Expression, InvalidExpression, Reads, parse, parse_computed
from products.schema.fields import FieldKind, FieldSchema, FixedInputSchema, RequiredFrom, UniqueScope
from products.schema.nesting import check_nesting
from products.schema.product import BlockSchema, ProductSchema, RuleSchema, narrow
from products.schema.rules import (
    WHOLE,
    ExpressionFault,
    check_expressions,
    check_loops,
    check_rule,
    names_of,
    reads_of,
    rule_reads,
)
from products.schema.scalars import TEXTS

MOST_AT_LEAST = 500
"""The most members that a list may be required to have: as many rows as a form takes."""
MOST_AT_MOST = 1_000_000
RESERVED_IN_BLOCK = frozenset({
    "append_block", "in_use_by", "in_use_by_ids", "label", "name", "owner_subscription_id", SUBSCRIPTION,
    "subscription_instance_id",
})  # fmt: skip
"""What every block instance already has under these names."""
FACTS_OF_SUBSCRIPTION = frozenset({
    "customer_id", "description", "end_date", "insync", "note", "product", "product_name", "start_date", "status",
    "subscription_id", "tag",
})  # fmt: skip
"""What a computed text may tell of the subscription besides the fixed inputs of its product."""
RESERVED_IN_PRODUCT = FACTS_OF_SUBSCRIPTION | {
    "append_block", "created_at", "customer", "metadata", "move_to", "product_id", "version",
}  # fmt: skip
"""What every subscription already has under these names. Rooms above hold the classes; a test compares."""


@dataclass(frozen=True)
class ModelProblem:
    """Something that cannot be built: where (`block Node, field ims_id`), what is wrong, and the blocks to blame."""

    where: str
    message: str
    blocks: frozenset[str] = described(default=frozenset(), compare=False)

    def __str__(self) -> str:
        return f"{self.where}: {self.message}"


@dataclass(frozen=True)
class FieldFault:
    """What is wrong with a field, and the attribute of `FieldSchema` that it is about.

    The message has no full stop, and the field as its subject, but for `name`, where it is a whole sentence.
    """

    attribute: str
    message: str

    @property
    def sentence(self) -> str:
        """The message as a person reads it beside the field."""
        return f"{self.message}." if self.attribute == "name" else f"This field {self.message}."


def check_name(name: str, reserved: frozenset[str] = frozenset()) -> str:
    """What is wrong with a name that authors write in Python; empty when nothing is."""
    if not name.isidentifier() or not name.isascii() or keyword.iskeyword(name) or name.startswith("_"):
        return f"“{name}” must be a name of letters, digits and underscores that does not begin with a digit"
    if name in reserved:
        return f"“{name}” is a name that the system itself uses; choose another"
    return ""


def check_field(field: FieldSchema) -> list[FieldFault]:
    """What is wrong with a field by itself."""
    name = check_name(field.name, RESERVED_IN_BLOCK)
    found = [FieldFault("name", name)] if name else []
    if unknown := list(_check_words(field)):
        return found + unknown
    found += _check_held(field)
    found += _check_counts(field)
    found += _check_value(field)
    if field.computed is not None:
        found += _check_computed(field)
    return found


def check_blocks(blocks: Mapping[str, BlockSchema]) -> list[ModelProblem]:
    """What is wrong with all blocks of a catalogue, together: fields, references, nesting, rules and computed values.

    Each later kind is looked for in those blocks in which nothing was found before.
    """
    found = [problem for block in blocks.values() for problem in _check_block(block, blocks)]
    for look in (_nesting, _expressions, _loops):
        unsound = unsound_blocks(found)
        found += look({name: block for name, block in blocks.items() if name not in unsound})
    return found


def unsound_blocks(problems: Sequence[ModelProblem]) -> frozenset[str]:
    """The blocks that cannot be built because of these problems."""
    return frozenset(name for problem in problems for name in problem.blocks)


def check_product(product: ProductSchema, blocks: Mapping[str, BlockSchema]) -> list[ModelProblem]:
    """What is wrong with a product, given all blocks of the catalogue (themselves already checked)."""
    where = f"product {product.name}"
    names = [root.name for root in product.roots] + [fixed.name for fixed in product.inputs]
    found = [ModelProblem(where, f"“{name}” is used twice") for name in repeated(names)]
    for root in product.roots:
        messages = [check_name(root.name, RESERVED_IN_PRODUCT)]
        messages += [f"there is no block “{block}”" for block in root.blocks if block not in blocks]
        messages += [fault.message for fault in (*_check_words(root), *_check_held(root), *_check_counts(root))]
        found += [ModelProblem(f"{where}, root {root.name}", message) for message in messages if message]
    for fixed in product.inputs:
        messages = [check_name(fixed.name, RESERVED_IN_PRODUCT), _refusal(fixed)]
        found += [ModelProblem(f"{where}, fixed input {fixed.name}", message) for message in messages if message]
    shared = {name: blocks[name] for name in product.blocks if name in blocks}
    for number, message in narrow(shared, product.narrow)[1]:
        found.append(ModelProblem(f"{where}, narrow {number}", message))
    return [*found, *_whole(product, blocks)]


def _whole(product: ProductSchema, blocks: Mapping[str, BlockSchema]) -> Iterator[ModelProblem]:
    """What is wrong with the rules of a product, and what its blocks ask of the subscription and is not there."""
    where = f"product {product.name}"
    if not (product.rules or any(block.rules or _is_computed(block) for block in product.blocks.values())):
        return
    names = names_of({**blocks, **product.blocks}, product.roots)
    for number, rule in enumerate(product.rules, start=1):
        if message := check_rule(rule.rule, WHOLE, names):
            yield ModelProblem(f"{where}, rule {number}", message)
        else:
            yield from (
                ModelProblem(f"{where}, rule {number}", f"asks for subscription.{name}, which is not there")
                for name in _lacking(product, rule_reads(rule.rule, WHOLE, names))
            )
    for block in product.blocks.values():
        for field in block.fields:
            for name in _lacking(product, reads_of(field, block.name, names)):
                yield ModelProblem(
                    where, f"{block.name}.{field.name} computes from subscription.{name}, which is not there"
                )
        for number, rule in enumerate(block.rules, start=1):
            for name in _lacking(product, rule_reads(rule.rule, block.name, names)):
                yield ModelProblem(
                    where, f"rule {number} of {block.name} asks for subscription.{name}, which is not there"
                )


def _lacking(product: ProductSchema, reads: Reads) -> list[str]:
    """The facts of the subscription that are read, and that those of this product do not have."""
    known = {fixed.name for fixed in product.inputs} | FACTS_OF_SUBSCRIPTION
    return sorted(name for holder, name in reads if holder == SUBSCRIPTION and name not in known)


def _is_computed(block: BlockSchema) -> bool:
    return any(field.computed is not None for field in block.fields)


def _refusal(fixed: FixedInputSchema) -> str:
    if not is_sound(fixed.scalar):
        return f"has the resource type {fixed.scalar.name}, which cannot be used"
    try:
        fixed.scalar.parse(fixed.value)
    except ValueError as error:
        return str(error)
    return ""


def owned_closure(roots: Sequence[str], blocks: Mapping[str, BlockSchema]) -> dict[str, BlockSchema]:
    """The blocks that owned fields reach from the roots, by name, outermost first; unknown ones are left out."""
    reached: dict[str, BlockSchema] = {}
    waiting = list(roots)
    while waiting:
        name = waiting.pop(0)
        if name in reached or name not in blocks:
            continue
        reached[name] = blocks[name]
        waiting += [below for field in blocks[name].fields if field.owned for below in field.blocks]
    return reached


def _check_words(field: FieldSchema) -> Iterator[FieldFault]:
    for attribute in ("kind", "required_from", "unique_scope"):
        if fault := fault_of(getattr(field, attribute)):
            yield FieldFault(attribute, f"has a {attribute.replace('_', ' ')} that {fault}")


def _check_held(field: FieldSchema) -> Iterator[FieldFault]:
    if field.is_block and not field.blocks:
        yield FieldFault("blocks", "must name the block it holds")
    if field.is_block and field.scalar is not None:
        yield FieldFault("scalar", "holds blocks, so it has no resource type")
    if not field.is_block and field.scalar is None:
        yield FieldFault("scalar", "must have a resource type")
    if not field.is_block and field.blocks:
        yield FieldFault("blocks", "holds values, so it names no block")
    if not field.is_block and not field.owned:
        yield FieldFault("owned", "holds values, so it is always owned")
    if field.kind is FieldKind.OPTIONAL_BLOCK and field.required_from is not RequiredFrom.NEVER:
        yield FieldFault("required_from", "is an optional block, so it is never required; choose a block instead")
    if field.kind is FieldKind.BLOCK and field.owned and len(field.blocks) > 1 and _at_birth(field):
        message = "may be one of several blocks, so it cannot be required from initial: nobody could say which is meant"
        yield FieldFault("required_from", message)


def _at_birth(field: FieldSchema) -> bool:
    return field.required_from is RequiredFrom.INITIAL


def _check_counts(field: FieldSchema) -> Iterator[FieldFault]:
    if not field.is_list:
        if field.minimum is not None or field.maximum is not None or field.unique_items:
            yield FieldFault("minimum", "is not a list, so it has no minimum, maximum or unique members")
        return
    if not 0 <= (field.minimum or 0) <= MOST_AT_LEAST:
        yield FieldFault("minimum", f"must have a minimum between 0 and {MOST_AT_LEAST}")
    if field.maximum is not None and not 1 <= field.maximum <= MOST_AT_MOST:
        yield FieldFault("maximum", f"must have a maximum between 1 and {MOST_AT_MOST}")
    if field.maximum is not None and (field.minimum or 0) > field.maximum:
        yield FieldFault("minimum", f"cannot have at least {field.minimum} and at most {field.maximum} members")


def _check_value(field: FieldSchema) -> Iterator[FieldFault]:
    if field.unique_scope is not UniqueScope.NONE and field.kind is not FieldKind.SCALAR:
        yield FieldFault("unique_scope", "is not a single value, so it has no unique scope")
    if field.default is None:
        return
    if field.is_block:
        yield FieldFault("default", "holds blocks, so it has no default")
        return
    if field.unique_scope is not UniqueScope.NONE:
        yield FieldFault("default", "must be unique, so it has no default")
    if field.scalar is not None and field.computed is None and is_sound(field.scalar):
        try:
            field.parse(field.default)
        except ValueError as error:
            yield FieldFault("default", f"has a default that {error}")


def _check_computed(field: FieldSchema) -> Iterator[FieldFault]:
    if field.default is not None or field.unique_scope is not UniqueScope.NONE:
        yield FieldFault("computed", "is computed, so it has no default and no unique scope")
    if field.kind is not FieldKind.SCALAR or field.scalar is None:
        yield FieldFault("scalar", "is computed, so it must be a single value")
        return
    try:
        made = parse_computed(field.computed or "")
    except InvalidExpression as error:
        yield FieldFault("computed", f"is computed, and {error}")
        return
    if not isinstance(made, Expression) and field.scalar.kind not in TEXTS:
        yield FieldFault("scalar", "is computed as a text, so it must be a string or text; = begins other values")


def _check_rules(rules: Sequence[RuleSchema]) -> Iterator[tuple[int, str]]:
    """The numbers of rules that cannot be read, with what is wrong."""
    for number, rule in enumerate(rules, start=1):
        try:
            parse(rule.rule)
        except InvalidExpression as error:
            yield number, f"“{rule.rule}” {error}"


def _check_block(block: BlockSchema, blocks: Mapping[str, BlockSchema]) -> Iterator[ModelProblem]:
    own = frozenset({block.name})
    for name in repeated([field.name for field in block.fields]):
        yield ModelProblem(f"block {block.name}", f"the field {name} is named twice", own)
    for field in block.fields:
        messages = [fault.message for fault in check_field(field)]
        messages += [f"there is no block “{name}”" for name in field.blocks if name not in blocks]
        if field.formerly in block.by_name:
            messages.append(f"was formerly “{field.formerly}”, which the block still has")
        for message in messages:
            yield ModelProblem(f"block {block.name}, field {field.name}", message, own)
    for number, message in _check_rules(block.rules):
        yield ModelProblem(f"block {block.name}, rule {number}", message, own)


def repeated(names: Sequence[str]) -> list[str]:
    """Those that are named more than once."""
    return sorted(name for name, count in Counter(names).items() if count > 1)


def _nesting(blocks: Mapping[str, BlockSchema]) -> list[ModelProblem]:
    return [ModelProblem(f"block {fault.block}", fault.message, fault.all_blocks) for fault in check_nesting(blocks)]


def _expressions(blocks: Mapping[str, BlockSchema]) -> list[ModelProblem]:
    return [_problem(fault) for fault in check_expressions(blocks)]


def _loops(blocks: Mapping[str, BlockSchema]) -> list[ModelProblem]:
    return [_problem(fault) for fault in check_loops(blocks)]


def _problem(fault: ExpressionFault) -> ModelProblem:
    return ModelProblem(f"block {fault.block}, {fault.part}", fault.message, fault.blocks)
