"""Texts that every database takes."""

import pytest

from processes.engine.values.text import clean_text, is_storable


@pytest.mark.parametrize("text", ["", "plain", "é 😀", "two\nlines"])
def test_plain_text_is_kept_as_it_is(text: str) -> None:
    assert is_storable(text)
    assert clean_text(text) == text


@pytest.mark.parametrize(("text", "clean"), [("a\x00b", "a\ufffdb"), ("half \ud83d", "half ?")])
def test_what_no_database_takes_is_replaced(text: str, clean: str) -> None:
    assert not is_storable(text)
    assert clean_text(text) == clean
