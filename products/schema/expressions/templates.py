"""What a computed field is made from: a text with expressions in braces, or after `=` one expression."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from products.schema.expressions.evaluating import text_of
from products.schema.expressions.parsing import KEPT, Expression, InvalidExpression, parse


@dataclass(frozen=True)
class Template:
    """Texts and expressions in turn; `port {port_name} on {node.node_name}`."""

    parts: tuple[str | Expression, ...]

    @property
    def expressions(self) -> tuple[Expression, ...]:
        return tuple(part for part in self.parts if isinstance(part, Expression))

    def text(self, value_of: Callable[[Expression], Any]) -> str:
        """All of it, each expression by its value; what is not known is a question mark."""
        return "".join(part if isinstance(part, str) else text_of(value_of(part)) for part in self.parts)


@lru_cache(maxsize=KEPT)
def parse_computed(text: str) -> Template | Expression:
    """What a computed field says; raises `InvalidExpression`."""
    return parse(text[1:]) if text.startswith("=") else Template(tuple(_parts(text)))


def _parts(text: str) -> Iterator[str | Expression]:
    literal, place = "", 0
    while place < len(text):
        sign = text[place]
        if sign in "{}" and text[place + 1 : place + 2] == sign:
            literal, place = literal + sign, place + 2
        elif sign == "}":
            raise InvalidExpression("has a brace without its partner", place + 1)
        elif sign == "{":
            end = text.find("}", place)
            if end < 0:
                raise InvalidExpression("has a brace without its partner", place + 1)
            yield from [literal] if literal else []
            yield _within(text[place + 1 : end], place + 1)
            literal, place = "", end + 1
        else:
            literal, place = literal + sign, place + 1
    yield from [literal] if literal else []


def _within(text: str, start: int) -> Expression:
    try:
        return parse(text)
    except InvalidExpression as error:
        raise InvalidExpression(f"has in braces “{text}”, which {error.reason}", start + (error.column or 0)) from error
