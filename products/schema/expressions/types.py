"""What an expression gives, and whether everything it names is there: asked when it is written, against the model."""

import ast
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum

from products.schema.expressions.parsing import USERS, Expression, InvalidExpression, place

SUBSCRIPTION = "subscription"
"""The name under which an expression speaks of the subscription: `subscription.speed`."""
Reads = set[tuple[str, str]]
Place = tuple[ast.expr, str, str]
"""A part of an expression that reads a field: the block and the name."""


class TypeKind(StrEnum):
    """What can be done with a value, as far as it is known before there is one."""

    NUMBER = "a number"
    TEXT = "a text"
    FLAG = "yes or no"
    SET = "a set of VLANs"
    MOMENT = "a moment"
    OTHER = "a value"
    BLOCK = "a block"
    LIST = "a list"
    SUBSCRIPTION = "the subscription"
    FACT = "a fact of the subscription"
    UNKNOWN = "anything"


LOOSE = frozenset({TypeKind.UNKNOWN, TypeKind.FACT})
"""Of these it is known only with the value what can be done with them."""


@dataclass(frozen=True)
class Type:
    """A kind; of blocks which ones it may be, of a list what its members are."""

    kind: TypeKind
    blocks: frozenset[str] = frozenset()
    member: "Type | None" = None

    @classmethod
    def many(cls, member: "Type") -> "Type":
        return cls(TypeKind.LIST, member=member)


UNKNOWN, FLAG, NUMBER, TEXT = Type(TypeKind.UNKNOWN), Type(TypeKind.FLAG), Type(TypeKind.NUMBER), Type(TypeKind.TEXT)


@dataclass(frozen=True)
class Names:
    """What there is to name: the fields of each block with their types, and which blocks refer to a block."""

    fields: Mapping[str, Mapping[str, Type]]
    users: Mapping[str, frozenset[str]] = field(default_factory=dict)


def type_of(expression: Expression, scope: str, names: Names) -> Type:
    """What the expression gives in a block of this name; `InvalidExpression` for what it names and is not there."""
    return _Typing(scope, names).of(expression.body)


def read_fields(expression: Expression, scope: str, names: Names) -> Reads:
    """The fields that it reads, each with its block; those of `subscription` under that name. Raises as `type_of`."""
    return {(block, name) for _, block, name in read_places(expression, scope, names)}


def read_places(expression: Expression, scope: str, names: Names) -> list[Place]:
    """The same with the parts that read them. Raises as `type_of`."""
    typing = _Typing(scope, names)
    typing.of(expression.body)
    return typing.places


@dataclass
class _Typing:
    scope: str
    names: Names
    places: list[Place] = field(default_factory=list)
    bound: Mapping[str, Type] = field(default_factory=dict)

    def of(self, node: ast.expr) -> Type:  # noqa: PLR0911 - a case for each form of the language
        match node:
            case ast.Constant(value=value):
                return _constant(value)
            case ast.Name(id=name):
                return self.bound[name] if name in self.bound else self._named(node, name)
            case ast.Attribute(value=inner, attr=name):
                return self._attribute(node, self.of(inner), name)
            case ast.Subscript(value=inner):
                return self._list(inner, "takes a member of") if self.of(inner).kind is not TypeKind.TEXT else TEXT
            case ast.List(elts=members) | ast.Tuple(elts=members):
                return Type.many(_either([self.of(member) for member in members]))
            case ast.ListComp(elt=member, generators=loops) | ast.GeneratorExp(elt=member, generators=loops):
                return Type.many(self._within(loops).of(member))
            case ast.Call(func=ast.Name(id=name), args=args):
                return self._call(node, name, args)
            case ast.BoolOp(values=parts):
                return _either([self.of(part) for part in parts])
            case ast.IfExp(test=test, body=body, orelse=otherwise):
                self.of(test)
                return _either([self.of(body), self.of(otherwise)])
            case _:
                return self._operation(node)

    def _operation(self, node: ast.expr) -> Type:
        match node:
            case ast.UnaryOp(op=ast.Not(), operand=inner):
                self.of(inner)
                return FLAG
            case ast.UnaryOp(operand=inner):
                self._expect(inner, self.of(inner), TypeKind.NUMBER)
                return NUMBER
            case ast.BinOp(left=left, op=sign, right=right):
                return self._combined(node, sign, self.of(left), self.of(right))
            case ast.Compare(left=left, ops=signs, comparators=others):
                types = [self.of(part) for part in (left, *others)]
                for before, compared, after in zip(types, signs, types[1:], strict=False):
                    self._check_compared(node, compared, before, after)
                return FLAG
        raise InvalidExpression("cannot be understood", place(node))

    def _named(self, node: ast.expr, name: str) -> Type:
        if name == SUBSCRIPTION:
            return Type(TypeKind.SUBSCRIPTION)
        return self._field(node, self.scope, name, "there is")

    def _attribute(self, node: ast.expr, holder: Type, name: str) -> Type:
        match holder.kind:
            case TypeKind.UNKNOWN:
                return UNKNOWN
            case TypeKind.SUBSCRIPTION:
                self.places.append((node, SUBSCRIPTION, name))
                return Type(TypeKind.FACT)
            case TypeKind.BLOCK:
                known = [block for block in sorted(holder.blocks) if block in self.names.fields]
                return _either([self._field(node, block, name, f"{block} has") for block in known])
            case TypeKind.LIST:
                raise InvalidExpression(f"asks a list for its {name}; write [one.{name} for one in …]", place(node))
        raise InvalidExpression(f"asks {holder.kind.value} for its {name}", place(node))

    def _field(self, node: ast.expr, block: str, name: str, has: str) -> Type:
        known = self.names.fields.get(block, {})
        if name not in known:
            there = ", ".join(known) or "nothing"
            raise InvalidExpression(f"refers to nothing: {has} no “{name}”; {has} {there}", place(node))
        self.places.append((node, block, name))
        return known[name]

    def _list(self, node: ast.expr, does: str) -> Type:
        many = self.of(node)
        if many.kind is TypeKind.SET:
            return NUMBER
        if many.kind not in {TypeKind.LIST, *LOOSE}:
            raise InvalidExpression(f"{does} {many.kind.value}, which is no list", place(node))
        return many.member or UNKNOWN

    def _within(self, loops: Sequence[ast.comprehension]) -> "_Typing":
        inner = self
        for loop in loops:
            member = inner._list(loop.iter, "goes through")
            assert isinstance(loop.target, ast.Name)
            inner = replace(inner, bound={**inner.bound, loop.target.id: member})
            for test in loop.ifs:
                inner.of(test)
        return inner

    def _call(self, node: ast.expr, name: str, args: Sequence[ast.expr]) -> Type:
        if name == USERS:
            return self._users(node, [str(ast.literal_eval(one)) for one in args])
        given = [self.of(one) for one in args]
        if name in {"all", "any", "distinct", "overlap", "sum", "sorted", "join"}:
            self._expect(args[0], given[0], TypeKind.LIST, TypeKind.SET)
        if name == "len":
            self._expect(args[0], given[0], TypeKind.LIST, TypeKind.SET, TypeKind.TEXT)
        if name in {"abs", "round"}:
            self._expect(args[0], given[0], TypeKind.NUMBER)
        if name in {"lower", "upper"}:
            self._expect(args[0], given[0], TypeKind.TEXT)
        if name in {"min", "max"}:
            first = given[0]
            return (first.member or UNKNOWN) if first.kind is TypeKind.LIST else _either(given)
        if name == "sorted":
            return given[0] if given[0].kind is TypeKind.LIST else Type.many(NUMBER)
        return _RESULTS[name]

    def _users(self, node: ast.expr, blocks: Sequence[str]) -> Type:
        known = self.names.users.get(self.scope, frozenset())
        for block in blocks:
            if block not in known:
                there = ", ".join(sorted(known)) or "no block"
                raise InvalidExpression(
                    f"refers to nothing: no block “{block}” refers to this one; {there} does", place(node)
                )
        return Type.many(Type(TypeKind.BLOCK, frozenset(blocks)))

    def _expect(self, node: ast.expr, found: Type, *kinds: TypeKind) -> None:
        if found.kind not in LOOSE and found.kind not in kinds:
            raise InvalidExpression(f"needs {' or '.join(kinds)} and has {found.kind.value}", place(node))

    def _combined(self, node: ast.expr, sign: ast.operator, left: Type, right: Type) -> Type:
        kinds = {left.kind, right.kind} - LOOSE
        allowed = {TypeKind.SET, TypeKind.LIST} if isinstance(sign, ast.BitOr | ast.BitAnd) else {TypeKind.NUMBER}
        if isinstance(sign, ast.Add):
            allowed = {TypeKind.NUMBER, TypeKind.TEXT, TypeKind.LIST}
        if isinstance(sign, ast.Sub):
            allowed = {TypeKind.NUMBER, TypeKind.SET, TypeKind.MOMENT}
        if len(kinds) > 1 or not kinds <= allowed:
            raise InvalidExpression(
                f"combines {left.kind.value} and {right.kind.value}, which do not go together", place(node)
            )
        return left if left.kind not in LOOSE else right

    def _check_compared(self, node: ast.expr, sign: ast.cmpop, left: Type, right: Type) -> None:
        kinds = {left.kind, right.kind} - LOOSE - {TypeKind.OTHER}
        if isinstance(sign, ast.In | ast.NotIn):
            if right.kind in {TypeKind.NUMBER, TypeKind.FLAG, TypeKind.BLOCK}:
                raise InvalidExpression(f"looks for something in {right.kind.value}, which holds nothing", place(node))
        elif len(kinds) > 1:
            raise InvalidExpression(f"compares {left.kind.value} with {right.kind.value}", place(node))


def _constant(value: object) -> Type:
    match value:
        case bool():
            return FLAG
        case int() | float():
            return NUMBER
        case str():
            return TEXT
        case _:
            return UNKNOWN


def _either(types: Sequence[Type]) -> Type:
    """What something is that may be any of these."""
    found = set(types)
    if len(found) == 1:
        return types[0]
    if found and all(one.kind is TypeKind.BLOCK for one in found):
        return Type(TypeKind.BLOCK, frozenset().union(*(one.blocks for one in found)))
    return UNKNOWN


_RESULTS: Mapping[str, Type] = {
    "abs": NUMBER, "all": FLAG, "any": FLAG, "distinct": FLAG, "join": TEXT, "len": NUMBER, "lower": TEXT,
    "overlap": FLAG, "round": NUMBER, "str": TEXT, "sum": NUMBER, "upper": TEXT,
}  # fmt: skip
