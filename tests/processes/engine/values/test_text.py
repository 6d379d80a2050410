"""Texts that every database takes."""

import pytest

from processes.engine.values.text import clean_text, is_storable, on_one_line, visible


@pytest.mark.parametrize("text", ["", "plain", "é 😀", "two\nlines"])
def test_plain_text_is_kept_as_it_is(text: str) -> None:
    assert is_storable(text)
    assert clean_text(text) == text


@pytest.mark.parametrize(("text", "clean"), [("a\x00b", "a\ufffdb"), ("half \ud83d", "half ?")])
def test_what_no_database_takes_is_replaced(text: str, clean: str) -> None:
    assert not is_storable(text)
    assert clean_text(text) == clean


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("two\nlines\tand é", "two\nlines\tand é"),
        ("a\r\nb\rc", "a\nb\\rc"),
        ("\x1b[31mred\x9b0m\x07", "\\x1b[31mred\\x9b0m\\x07"),
        ("\u202eevil\u2066\u2028", "\\u202eevil\\u2066\\u2028"),
    ],
)
def test_what_a_terminal_obeys_is_written_out(text: str, shown: str) -> None:
    assert visible(text) == shown
    assert on_one_line(text) == shown.replace("\n", "\\n").replace("\t", "\\t")
