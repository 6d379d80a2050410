"""Rules over several fields and computed values: what may be written, held against all blocks of the catalogue."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from products.schema.expressions import (
    LOOSE,
    Expression,
    InvalidExpression,
    Names,
    Reads,
    Type,
    TypeKind,
    parse,
    parse_computed,
    read_fields,
    type_of,
)
from products.schema.expressions.evaluating import DEEPEST_COMPUTED
from products.schema.fields import FieldSchema
from products.schema.nesting import find_cycle
from products.schema.product import BlockSchema
from products.schema.scalars import NUMBERS, TEXTS, ScalarKind

WHOLE = ""
"""The scope of a rule of a product: its roots are what there is to name."""
_KINDS: Mapping[ScalarKind, TypeKind] = {
    **dict.fromkeys(NUMBERS, TypeKind.NUMBER),
    **dict.fromkeys(TEXTS, TypeKind.TEXT),
    ScalarKind.ENUM: TypeKind.TEXT,
    ScalarKind.MAC: TypeKind.TEXT,
    ScalarKind.URL: TypeKind.TEXT,
    ScalarKind.BOOLEAN: TypeKind.FLAG,
    ScalarKind.VLAN_RANGES: TypeKind.SET,
    ScalarKind.DATETIME: TypeKind.MOMENT,
    ScalarKind.JSON: TypeKind.UNKNOWN,
}


@dataclass(frozen=True)
class ExpressionFault:
    """What is wrong with an expression of a block: where in it (`field title`, `rule 2`), and the blocks to blame."""

    block: str
    part: str
    message: str
    blocks: frozenset[str]


def names_of(blocks: Mapping[str, BlockSchema], roots: tuple[FieldSchema, ...] = ()) -> Names:
    """What expressions may name: the fields of each block, the roots of a product, and who refers to whom."""
    fields = {name: {field.name: _type(field, blocks) for field in block.fields} for name, block in blocks.items()}
    users: dict[str, set[str]] = {}
    for block in blocks.values():
        for field in block.fields:
            for below in field.blocks if not field.owned else ():
                users.setdefault(below, set()).add(block.name)
    whole = {root.name: _type(root, blocks) for root in roots}
    return Names({**fields, WHOLE: whole}, {name: frozenset(of) for name, of in users.items()})


def check_rule(rule: str, scope: str, names: Names) -> str:
    """What is wrong with a rule in a block of this name, as the end of a sentence; empty when nothing is."""
    try:
        found = type_of(parse(rule), scope, names)
    except InvalidExpression as error:
        return f"“{rule}” {error}"
    is_decision = found.kind in {TypeKind.FLAG, *LOOSE}
    return "" if is_decision else f"“{rule}” gives {found.kind.value}, and a rule says yes or no"


def check_computed(field: FieldSchema, scope: str, names: Names) -> str:
    """What is wrong with what a field is computed from, as the end of a sentence; empty when nothing is."""
    assert field.computed is not None
    try:
        made = parse_computed(field.computed)
        if isinstance(made, Expression):
            return _misfit(type_of(made, scope, names), field)
    except InvalidExpression as error:
        return str(error)
    for part in made.expressions:
        try:
            fault = "is no value but a block" if _holds_blocks(type_of(part, scope, names)) else ""
        except InvalidExpression as error:
            fault = str(error)
        if fault:
            return f"has in braces “{part.text}”, which {fault}"
    return ""


def reads_of(field: FieldSchema, scope: str, names: Names) -> Reads:
    """The fields that a computed one is made from, each with its block; those of `subscription` under that name."""
    return {read for part in field.expressions for read in read_fields(part, scope, names)}


def rule_reads(rule: str, scope: str, names: Names) -> Reads:
    """The same for a rule."""
    return read_fields(parse(rule), scope, names)


def check_expressions(blocks: Mapping[str, BlockSchema]) -> Iterator[ExpressionFault]:
    """What is wrong with the rules and computed fields of all blocks, which are otherwise sound."""
    names = names_of(blocks)
    for block in blocks.values():
        own = frozenset({block.name})
        for field in block.fields:
            if field.computed is not None and (message := check_computed(field, block.name, names)):
                yield ExpressionFault(block.name, f"field {field.name}", message, own)
        for number, rule in enumerate(block.rules, start=1):
            if message := check_rule(rule.rule, block.name, names):
                yield ExpressionFault(block.name, f"rule {number}", message, own)


def check_loops(blocks: Mapping[str, BlockSchema]) -> Iterator[ExpressionFault]:
    """The first loop among computed fields, or those that are computed through too many others."""
    names = names_of(blocks)
    graph: dict[tuple[str, str], list[tuple[str, str]]] = {}
    for block in blocks.values():
        for field in block.fields:
            if field.computed is not None:
                graph[block.name, field.name] = sorted(reads_of(field, block.name, names))
    graph = {of: [read for read in reads if read in graph] for of, reads in graph.items()}
    words = {of: f"{of[0]}.{of[1]}" for of in graph}
    cycle = find_cycle({words[of]: [words[read] for read in reads] for of, reads in graph.items()})
    if cycle:
        of = next(of for of, word in words.items() if word == cycle[0])
        blamed = frozenset(one[0] for one, word in words.items() if word in cycle)
        yield ExpressionFault(of[0], f"field {of[1]}", f"would be computed from itself: {' → '.join(cycle)}", blamed)
        return
    depths: dict[tuple[str, str], int] = {}
    for of in graph:
        if _depth(of, graph, depths) > DEEPEST_COMPUTED:
            message = f"is computed through more than {DEEPEST_COMPUTED} other computed fields"
            yield ExpressionFault(of[0], f"field {of[1]}", message, frozenset({of[0]}))


def _depth(
    of: tuple[str, str], graph: Mapping[tuple[str, str], list[tuple[str, str]]], depths: dict[tuple[str, str], int]
) -> int:
    """How many computed fields lie behind one another, this one counted; no deeper than is asked."""
    waiting = [of]
    while waiting:
        one = waiting[-1]
        unknown = [read for read in graph[one] if read not in depths]
        if unknown:
            waiting += unknown
            continue
        depths[one] = 1 + max((depths[read] for read in graph[one]), default=0)
        waiting.pop()
    return depths[of]


def _type(field: FieldSchema, blocks: Mapping[str, BlockSchema]) -> Type:
    if field.is_block:
        known = frozenset(block for block in field.blocks if block in blocks)
        one = Type(TypeKind.BLOCK, known) if known else Type(TypeKind.UNKNOWN)
    else:
        one = Type(_KINDS.get(field.scalar.kind, TypeKind.OTHER) if field.scalar else TypeKind.UNKNOWN)
    return Type.many(one) if field.is_list else one


def _holds_blocks(found: Type) -> bool:
    held = found.member if found.kind is TypeKind.LIST and found.member else found
    return held.kind in {TypeKind.BLOCK, TypeKind.SUBSCRIPTION}


def _misfit(found: Type, field: FieldSchema) -> str:
    assert field.scalar is not None
    wanted = _KINDS.get(field.scalar.kind, TypeKind.OTHER)
    if found.kind in {TypeKind.OTHER, *LOOSE} or wanted in {TypeKind.UNKNOWN, TypeKind.OTHER}:
        return ""
    if _holds_blocks(found) or found.kind is TypeKind.LIST or found.kind is not wanted:
        return f"gives {found.kind.value}, and the field holds {wanted.value}; str() makes a text of anything"
    return ""
