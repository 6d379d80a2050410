"""Work out an expression, in at most so many steps; what is not known makes what depends on it not known (None)."""

import ast
import operator
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal, DecimalException
from typing import Any, Protocol

from products.schema.expressions.parsing import USERS, Expression

STEPS = 50_000
DEEPEST_COMPUTED = 10
LONGEST_TEXT = 100_000
LARGEST = 10**38
MOST_DECIMALS = 30
CHEAP = 64
"""Members or characters that are handled as fast as a step is."""


class EvaluationFailed(ValueError):
    """An expression has no value for what is there; the message has the expression as its subject."""


@dataclass
class Budget:
    """The steps that are left to one reading, with all that it reads computed on the way."""

    left: int = STEPS
    depth: int = 0

    def spend(self, steps: int = 1) -> None:
        """Raises `EvaluationFailed` when too many were taken."""
        self.left -= steps
        if self.left < 0:
            raise EvaluationFailed(f"takes more than {STEPS} steps")

    @contextmanager
    def deeper(self) -> Iterator[None]:
        """Read a computed value from within another; raises `EvaluationFailed` too far down."""
        if self.depth >= DEEPEST_COMPUTED:
            raise EvaluationFailed(f"is computed through more than {DEEPEST_COMPUTED} others")
        self.depth += 1
        yield
        self.depth -= 1


class Valued(Protocol):
    """Something with fields: a block, or what is known of the subscription."""

    def read(self, name: str, budget: Budget) -> Any:
        """A value as Python has it, a `Valued`, a list of either, or None where nothing is set."""

    def users(self, names: Sequence[str]) -> Sequence["Valued"] | None:
        """The blocks of these kinds that refer to this one; None where that is not known."""


def evaluate(expression: Expression, block: Valued, budget: Budget | None = None) -> Any:
    """The value for a block; raises `EvaluationFailed`."""
    try:
        return _Run(block, budget or Budget()).value(expression.body)
    except RecursionError as error:
        raise EvaluationFailed("is nested too deeply") from error


@dataclass
class _Run:
    block: Valued
    budget: Budget
    names: Mapping[str, Any] = field(default_factory=dict)

    def value(self, node: ast.expr) -> Any:
        self.budget.spend()
        result = self._value(node)
        _check_bounds(result)
        if isinstance(result, list | str | frozenset):
            self.budget.spend(len(result) // CHEAP)
        return result

    def _value(self, node: ast.expr) -> Any:  # noqa: C901, PLR0911 - a case for each form of the language
        match node:
            case ast.Constant(value=value):
                return Decimal(repr(value)) if isinstance(value, float) else value
            case ast.Name(id=name):
                return self.names[name] if name in self.names else self.block.read(name, self.budget)
            case ast.Attribute(value=inner, attr=name):
                return self._read(self.value(inner), name)
            case ast.Subscript(value=inner, slice=index):
                return self._member(self.value(inner), self.value(index))
            case ast.List(elts=members) | ast.Tuple(elts=members):
                return [self.value(member) for member in members]
            case ast.ListComp(elt=member, generators=loops) | ast.GeneratorExp(elt=member, generators=loops):
                return self._members(member, loops)
            case ast.Call(func=ast.Name(id=name), args=args):
                return self._call(name, args)
            case ast.BoolOp(op=ast.And(), values=parts):
                return self._decided(parts, by=False)
            case ast.BoolOp(values=parts):
                return self._decided(parts, by=True)
            case ast.IfExp(test=test, body=body, orelse=otherwise):
                return self.value(body if self.value(test) else otherwise)
            case _:
                return self._operation(node)

    def _operation(self, node: ast.expr) -> Any:
        match node:
            case ast.UnaryOp(op=ast.Not(), operand=inner):
                value = self.value(inner)
                return None if value is None else not value
            case ast.UnaryOp(operand=inner):
                return _applied(operator.neg, self.value(inner))
            case ast.BinOp(left=left, op=sign, right=right):
                return _applied(_OPERATIONS[type(sign)], self.value(left), self.value(right))
            case ast.Compare(left=left, ops=signs, comparators=others):
                return self._compared(left, signs, others)
        raise EvaluationFailed("cannot be worked out")

    def _read(self, holder: Any, name: str) -> Any:
        if holder is None:
            return None
        if not hasattr(holder, "read"):
            raise EvaluationFailed(f"asks a value for its {name}")
        return holder.read(name, self.budget)

    def _member(self, members: Any, index: int) -> Any:
        if members is None:
            return None
        if not isinstance(members, list | str):
            raise EvaluationFailed("takes a member of what is no list")
        return members[index] if -len(members) <= index < len(members) else None

    def _members(self, member: ast.expr, loops: Sequence[ast.comprehension]) -> list[Any] | None:
        if not loops:
            return [self.value(member)]
        first, *more = loops
        through = self.value(first.iter)
        if through is None:
            return None
        if not isinstance(through, list | frozenset):
            raise EvaluationFailed("goes through what is no list")
        assert isinstance(first.target, ast.Name)
        found: list[Any] = []
        for one in through:
            inner = _Run(self.block, self.budget, {**self.names, first.target.id: one})
            if all(inner.value(test) for test in first.ifs):
                found += inner._members(member, more) or []
        return found

    def _decided(self, parts: Sequence[ast.expr], *, by: bool) -> Any:
        """`and` and `or` of what may not be known: the first that decides, else not known if one is not."""
        unknown = False
        for part in parts:
            value = self.value(part)
            if value is None:
                unknown = True
            elif bool(value) is by:
                return by
        return None if unknown else not by

    def _compared(self, left: ast.expr, signs: Sequence[ast.cmpop], others: Sequence[ast.expr]) -> Any:
        for before, sign, after in zip([left, *others], signs, others, strict=False):
            answer = _compare(sign, self.value(before), self.value(after), asks_for_none=_is_none(before, after))
            if not answer:
                return answer
        return True

    def _call(self, name: str, args: Sequence[ast.expr]) -> Any:
        if name == USERS:
            return self.block.users([str(ast.literal_eval(one)) for one in args])
        given = [self.value(one) for one in args]
        if any(one is None for one in given):
            return None
        self.budget.spend(sum(len(one) for one in given if isinstance(one, list | str | frozenset)))
        return _applied(_CALLS[name], *given)


def _is_none(*parts: ast.expr) -> bool:
    """Whether one of them is written as None, so that the other is asked whether it is set."""
    return any(isinstance(part, ast.Constant) and part.value is None for part in parts)


def _compare(sign: ast.cmpop, before: Any, after: Any, *, asks_for_none: bool) -> Any:
    if (before is None or after is None) and not asks_for_none:
        return None
    return _applied(_ORDERS[type(sign)], before, after) if type(sign) in _ORDERS else _EQUAL[type(sign)](before, after)


def _applied(operation: Callable[..., Any], *values: Any) -> Any:
    if any(value is None for value in values):
        return None
    try:
        return operation(*values)
    except ZeroDivisionError as error:
        raise EvaluationFailed("divides by zero") from error
    except DecimalException as error:
        raise EvaluationFailed("leaves the range of numbers") from error
    except (TypeError, ValueError, AttributeError) as error:
        raise EvaluationFailed(f"does not fit the values that are there: {error}") from error


def _multiplied(one: Any, other: Any) -> Any:
    if not (_is_number(one) and _is_number(other)):
        raise TypeError("only numbers are multiplied")
    return one * other


def _divided(one: Any, other: Any) -> Any:
    exact = Decimal(one) / Decimal(other)
    return int(exact) if exact == exact.to_integral_value() else exact


def _is_number(value: Any) -> bool:
    return isinstance(value, int | Decimal) and not isinstance(value, bool)


def _remainder(one: Any, other: Any) -> Any:
    if not (_is_number(one) and _is_number(other)):
        raise TypeError("only numbers have a remainder")
    return one % other


def _known(members: Sequence[Any]) -> list[Any]:
    return [member for member in members if member is not None]


def _all(members: Sequence[Any]) -> Any:
    if any(member is not None and not member for member in members):
        return False
    return None if None in members else True


def _any(members: Sequence[Any]) -> Any:
    if any(members):
        return True
    return None if None in members else False


def _extreme(choose: Callable[..., Any]) -> Callable[..., Any]:
    def extreme(*values: Any) -> Any:
        is_one_list = len(values) == 1 and isinstance(values[0], list | frozenset)
        members = _known(list(values[0]) if is_one_list else list(values))
        return choose(members) if members else None

    return extreme


def _distinct(members: Sequence[Any]) -> bool:
    known = [tuple(member) if isinstance(member, list) else member for member in _known(members)]
    return len(set(known)) == len(known)


def _overlap(members: Sequence[Any]) -> bool:
    """Whether two of these sets have a member in common."""
    seen: set[Any] = set()
    for member in _known(members):
        if seen & member:
            return True
        seen |= member
    return False


def _joined(members: Sequence[Any], between: str) -> str:
    return between.join(text_of(member) for member in _known(members))


def text_of(value: Any) -> str:
    """A value as it stands in a text: numbers plain, moments in ISO 8601, members with commas, None as `?`."""
    match value:
        case None:
            return "?"
        case list():
            return ", ".join(map(text_of, value))
        case Decimal():
            return format(value, "f")
        case datetime():
            return value.isoformat()
        case _:
            return str(value)


def _rounded(number: Any, decimals: int = 0) -> Any:
    if not _is_number(number) or not 0 <= decimals <= MOST_DECIMALS:
        raise ValueError(f"a number is rounded to 0 to {MOST_DECIMALS} decimals")
    return round(number, decimals) if decimals else round(number)


def _check_bounds(value: Any) -> None:
    if isinstance(value, str) and len(value) > LONGEST_TEXT:
        raise EvaluationFailed(f"makes a text of more than {LONGEST_TEXT} characters")
    if _is_number(value) and abs(value) >= LARGEST:
        raise EvaluationFailed("leaves the range of numbers")


_OPERATIONS: Mapping[type[ast.operator], Callable[[Any, Any], Any]] = {
    ast.Add: operator.add, ast.Sub: operator.sub, ast.Mult: _multiplied, ast.Div: _divided,
    ast.FloorDiv: operator.floordiv, ast.Mod: _remainder, ast.BitOr: operator.or_, ast.BitAnd: operator.and_,
}  # fmt: skip
_ORDERS: Mapping[type[ast.cmpop], Callable[[Any, Any], Any]] = {
    ast.Lt: operator.lt, ast.LtE: operator.le, ast.Gt: operator.gt, ast.GtE: operator.ge,
    ast.In: lambda one, many: one in many, ast.NotIn: lambda one, many: one not in many,
}  # fmt: skip
_EQUAL: Mapping[type[ast.cmpop], Callable[[Any, Any], bool]] = {
    ast.Eq: operator.eq, ast.Is: operator.eq, ast.NotEq: operator.ne, ast.IsNot: operator.ne,
}  # fmt: skip
_CALLS: Mapping[str, Callable[..., Any]] = {
    "abs": abs, "all": _all, "any": _any, "distinct": _distinct, "join": _joined, "len": len,
    "lower": lambda text: str(text).lower(), "max": _extreme(max), "min": _extreme(min), "overlap": _overlap,
    "round": _rounded, "sorted": lambda members: sorted(_known(members)), "str": text_of,
    "sum": lambda members: sum(_known(members)), "upper": lambda text: str(text).upper(),
}  # fmt: skip
