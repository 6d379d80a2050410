"""Products and blocks as pages show them."""

from typing import Any

import pytest

from products.display.cards import shown


@pytest.mark.parametrize(
    ("value", "words"), [("up", "up"), (True, "yes"), (False, "no"), ([1, "a"], "1, a"), ({"a": 1}, '{"a": 1}')]
)
def test_values_for_people(value: Any, words: str) -> None:
    assert shown(value) == words
