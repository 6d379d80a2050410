"""Texts of computed fields: `port {port_name} on {node.node_name}`, taken apart and put together."""

from collections.abc import Callable, Iterator
from string import Formatter
from typing import Any

SUBSCRIPTION = "subscription"
"""The first name of a placeholder that speaks of the subscription: `{subscription.speed}`."""


class InvalidComputed(ValueError):
    """The text of a computed field cannot be understood."""


def placeholders(text: str) -> list[tuple[str, ...]]:
    """The dotted names in braces, each as a tuple, in order; raises `InvalidComputed`."""
    return [path for _, path in _parts(text) if path]


def compute(text: str, look_up: Callable[[tuple[str, ...]], Any]) -> str:
    """The text with each placeholder replaced by what `look_up(path)` gives; None becomes a question mark."""
    return "".join(literal + (_shown(look_up(path)) if path else "") for literal, path in _parts(text))


def _shown(value: Any) -> str:
    return "?" if value is None else str(value)


def _parts(text: str) -> Iterator[tuple[str, tuple[str, ...]]]:
    try:
        parts = list(Formatter().parse(text))
    except ValueError as error:
        raise InvalidComputed(f"has a brace without its partner: {error}") from error
    for literal, name, specification, conversion in parts:
        if name is None:
            yield literal, ()
            continue
        path = tuple(name.split("."))
        if specification or conversion or not all(word.isidentifier() and word[0] != "_" for word in path):
            raise InvalidComputed(f"takes dotted names in braces, not {{{name}}}")
        yield literal, path
