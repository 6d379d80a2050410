"""Texts with expressions in braces."""

from typing import Any

import pytest

from products.schema.expressions import Expression, InvalidExpression, Template, parse_computed


def values(expression: Expression) -> Any:
    return {"a": 1, "b.c": None, "len(d)": [1, 2]}[expression.text]


def test_text_of_expressions() -> None:
    made = parse_computed("x {a} {{kept}} {b.c} {len(d)}")

    assert isinstance(made, Template)
    assert made.text(values) == "x 1 {kept} ? 1, 2"
    assert [part.text for part in made.expressions] == ["a", "b.c", "len(d)"]


def test_one_expression() -> None:
    made = parse_computed("=a + 1")

    assert isinstance(made, Expression)
    assert made.text == "a + 1"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a { b", r"has a brace without its partner \(at character 3\)"),
        ("} a", r"has a brace without its partner \(at character 1\)"),
        ("{}", "has in braces “”, which cannot be read"),
        ("x {a!r}", r"has in braces “a!r”, which cannot be read: invalid syntax \(at character 5\)"),
        ("{a:b}", "has in braces “a:b”, which cannot be read"),
        ("{a.__class__}", "has in braces “a.__class__”, which uses the name __class__"),
        ("=", "cannot be read"),
    ],
)
def test_refused_with_the_place(text: str, message: str) -> None:
    with pytest.raises(InvalidExpression, match=message):
        parse_computed(text)
