"""Conditions of grants: which objects they speak of. A small tree of all, any, not and leaves. Pure.

As JSON: `{"all": […]}`, `{"any": […]}`, `{"not": …}`, leaves such as `{"workflow": ["create_node", "modify_*"]}` and
`{"own": true}`; several names in one mapping must all hold, and `{}` always does. `allOf` and `anyOf` are understood.

What an object is may be unknown: the product of an order that is not filled in, the customer of a product. So a
condition has several answers, *surely*, *possibly* and *as far as it concerns the object*; they are made by the same
walk, of booleans for one object and of queries for many.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import reduce
from typing import Any, Self

ATTRIBUTES = ("workflow", "target", "product", "product_type", "customer", "subscription", "owner")
"""What a leaf may ask for; `own` asks whether the user is the owner."""
DEPTH = 8
LEAVES = 200
WORD = 200
SYNONYMS = {"allOf": "all", "anyOf": "any"}


class ConditionInvalid(ValueError):
    """This is no condition; the message says where and why."""


@dataclass(frozen=True)
class Values:
    """What a leaf allows: texts, and beginnings of texts (written with a `*` at the end)."""

    exact: frozenset[str]
    beginnings: tuple[str, ...] = ()

    @classmethod
    def of(cls, texts: Iterable[str]) -> Self:
        listed = list(texts)
        exact = frozenset(text for text in listed if not text.endswith("*"))
        return cls(exact, tuple(sorted({text[:-1] for text in listed if text.endswith("*")})))

    def has(self, text: str) -> bool:
        """Whether this text is allowed."""
        return text in self.exact or text.startswith(self.beginnings)


@dataclass(frozen=True)
class Has:
    """The object has one of these values."""

    attribute: str
    values: Values


@dataclass(frozen=True)
class Own:
    """The object belongs to the user who asks."""


@dataclass(frozen=True)
class All:
    """Each holds; of none that is true."""

    parts: tuple["Condition", ...] = ()


@dataclass(frozen=True)
class OneOf:
    """One holds; of none that is false."""

    parts: tuple["Condition", ...] = ()


@dataclass(frozen=True)
class Not:
    """It does not hold."""

    part: "Condition"


Condition = Has | Own | All | OneOf | Not


@dataclass(frozen=True)
class Truth:
    """The answers of a condition; equal where everything is known.

    `concerned` is what is left of it without the leaves of which nothing is known; None when nothing is left.
    """

    surely: Any
    possibly: Any
    concerned: Any


@dataclass(frozen=True)
class Logic:
    """How answers are made: `always`, `never`, their opposite, and what a leaf says (None: nothing is known)."""

    always: Any
    never: Any
    leaf: Callable[[Has | Own], Any]
    negate: Callable[[Any], Any]


def answer(condition: Condition, logic: Logic) -> Truth:
    """Whether the condition holds surely, and whether it may."""
    match condition:
        case All(parts):
            answers = [answer(part, logic) for part in parts]
            return _joined(answers, logic.always, lambda one, other: one & other)
        case OneOf(parts):
            answers = [answer(part, logic) for part in parts]
            return _joined(answers, logic.never, lambda one, other: one | other)
        case Not(part):
            inner = answer(part, logic)
            left = None if inner.concerned is None else logic.negate(inner.concerned)
            return Truth(logic.negate(inner.possibly), logic.negate(inner.surely), left)
        case Has() | Own():
            said = logic.leaf(condition)
            return Truth(logic.never, logic.always, None) if said is None else Truth(said, said, said)


def _joined(verdicts: list[Truth], begin: Any, join: Callable[[Any, Any], Any]) -> Truth:
    left = [one.concerned for one in verdicts if one.concerned is not None]
    return Truth(
        reduce(join, (one.surely for one in verdicts), begin),
        reduce(join, (one.possibly for one in verdicts), begin),
        reduce(join, left, begin) if left or not verdicts else None,
    )


def parse(value: object) -> Condition:
    """The condition that JSON says. Raises ConditionInvalid."""
    left = [LEAVES]
    return _parsed(value, "condition", DEPTH, left)


def _parsed(value: object, place: str, depth: int, left: list[int]) -> Condition:
    if not isinstance(value, Mapping):
        raise ConditionInvalid(f"{place}: a mapping is expected, such as {{'workflow': ['create_node']}}.")
    if depth == 0:
        raise ConditionInvalid(f"{place}: conditions can be nested {DEPTH} deep.")
    parts = tuple(_part(str(name), inner, f"{place}.{name}", depth, left) for name, inner in value.items())
    return parts[0] if len(parts) == 1 else All(parts)


def _part(name: str, value: object, place: str, depth: int, left: list[int]) -> Condition:
    match SYNONYMS.get(name, name):
        case "all":
            return All(_list(value, place, depth, left))
        case "any":
            return OneOf(_list(value, place, depth, left))
        case "not":
            return Not(_parsed(value, place, depth - 1, left))
        case "own":
            if not isinstance(value, bool):
                raise ConditionInvalid(f"{place}: true or false is expected.")
            return Own() if value else Not(Own())
        case known if known in ATTRIBUTES:
            return Has(known, _values(value, place, left))
        case _:
            known = ", ".join((*ATTRIBUTES, "own", "all", "any", "not"))
            raise ConditionInvalid(f"{place}: this name is unknown; known are {known}.")


def _list(value: object, place: str, depth: int, left: list[int]) -> tuple[Condition, ...]:
    if not isinstance(value, list | tuple):
        raise ConditionInvalid(f"{place}: a list of conditions is expected.")
    return tuple(_parsed(inner, f"{place}[{number}]", depth - 1, left) for number, inner in enumerate(value))


def _values(value: object, place: str, left: list[int]) -> Values:
    texts = [value] if isinstance(value, str) else value
    if not isinstance(texts, list | tuple) or not texts or not all(isinstance(text, str) for text in texts):
        raise ConditionInvalid(f"{place}: a text, or a list of texts, is expected.")
    left[0] -= len(texts)
    if left[0] < 0:
        raise ConditionInvalid(f"{place}: a condition can have at most {LEAVES} values.")
    if any(not text or len(text) > WORD or "\0" in text for text in texts):
        raise ConditionInvalid(f"{place}: values have 1 to {WORD} characters.")
    return Values.of(texts)


def spelled(condition: Condition) -> str:
    """The condition in words."""
    match condition:
        case All(parts):
            return " and ".join(_inner(part) for part in parts) or "always"
        case OneOf(parts):
            return " or ".join(_inner(part) for part in parts) or "never"
        case Not(part):
            return f"not {_inner(part)}"
        case Own():
            return "their own"
        case Has(attribute, values):
            texts = sorted([*values.exact, *(f"{text}*" for text in values.beginnings)])
            return f"{attribute.replace('_', ' ')} {' or '.join(texts)}"


def _inner(condition: Condition) -> str:
    text = spelled(condition)
    return f"({text})" if isinstance(condition, All | OneOf) and len(condition.parts) > 1 else text
