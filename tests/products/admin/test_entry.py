"""Defaults and constants as a person enters them."""

from typing import Any

import pytest

from products.admin.entry import default_text, default_value
from products.schema import FieldKind, FieldSchema, ScalarKind, ScalarType


def field(kind: str, *, many: bool = False) -> FieldSchema:
    return FieldSchema("x", FieldKind.SCALAR_LIST if many else FieldKind.SCALAR, ScalarType(ScalarKind(kind)))


@pytest.mark.parametrize(
    ("kind", "many", "entered", "value", "back"),
    [
        ("string", False, "", None, ""),
        ("string", False, "up", "up", "up"),
        ("integer", False, "7", 7, "7"),
        ("boolean", False, "true", True, "true"),
        ("json", False, '{"a": 1}', {"a": 1}, '{"a": 1}'),
        ("integer", True, "1, 2,", [1, 2], "1, 2"),
        ("string", True, '["a, b", "c"]', ["a, b", "c"], '["a, b", "c"]'),
        ("json", True, "[[1], {}]", [[1], {}], "[[1], {}]"),
        ("json", False, '"Test"', "Test", '"Test"'),
        ("json", False, "[]", [], "[]"),
        ("json", False, '""', "", '""'),
        ("json", False, "1e20", 1e20, "1e+20"),
        ("string", True, '["", " a"]', ["", " a"], '["", " a"]'),
        ("string", False, " a ", " a ", " a "),
        ("decimal", False, "12345678901234567.89", "12345678901234567.89", "12345678901234567.89"),
    ],
)
def test_a_default_is_entered_and_shown_alike(kind: str, many: bool, entered: str, value: Any, back: str) -> None:
    one = field(kind, many=many)

    assert default_value(entered, one) == value
    assert default_text(value, one.kind, kind) == back
    assert default_value(back, one) == value


@pytest.mark.parametrize(
    ("kind", "many", "entered", "message"),
    [
        ("json", False, "{", "must be JSON"),
        ("json", False, "12345678901234567.89", "holds the number 12345678901234567.89"),
        ("json", False, '{"a": 1, "a": 2}', "names “a” twice"),
        ("integer", True, "1, x", "must be a whole number"),
        ("json", True, "5", "must be a list"),
    ],
)
def test_what_is_refused(kind: str, many: bool, entered: str, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        default_value(entered, field(kind, many=many))
