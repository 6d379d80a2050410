"""Say in an expression the new names of fields: of those alone that it reads, wherever they stand in it."""

from collections.abc import Mapping

from products.schema.expressions.parsing import Expression
from products.schema.expressions.templates import Template, parse_computed
from products.schema.expressions.types import Names, read_places

NewNames = Mapping[tuple[str, str], str]
"""New names of fields by the block and the old name."""


def renamed(expression: Expression, scope: str, names: Names, new: NewNames) -> str:
    """The text with the new names; `names` know the old ones as well. Raises `InvalidExpression` as `type_of`."""
    text = expression.text.strip().encode()
    starts = [0]
    for line in text.splitlines(keepends=True):
        starts.append(starts[-1] + len(line))
    places: dict[int, tuple[int, str]] = {}
    for node, block, name in read_places(expression, scope, names):
        if (block, name) in new:
            end = starts[(node.end_lineno or 1) - 1] + (node.end_col_offset or 0)
            places[end - len(name.encode())] = (end, new[block, name])
    for start in sorted(places, reverse=True):
        end, name = places[start]
        text = text[:start] + name.encode() + text[end:]
    return text.decode()


def renamed_computed(computed: str, scope: str, names: Names, new: NewNames) -> str:
    """The same for what a computed field is made from."""
    made = parse_computed(computed)
    if not isinstance(made, Template):
        return "=" + renamed(made, scope, names, new)
    return "".join(
        "{" + renamed(part, scope, names, new) + "}"
        if isinstance(part, Expression)
        else part.replace("{", "{{").replace("}", "}}")
        for part in made.parts
    )
