"""JSON values for reading: pretty text with marked words."""

import json
import re

from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe

SHOWN_CHARACTERS = 100_000
"""A page shows no more of a value: a state may hold 10 MB."""
_WORDS = re.compile(r'("(?:\\.|[^"\\])*")(\s*:)?|\b(true|false|null)\b|(-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)')


def pretty(value: object) -> str:
    """Indented JSON, keys in the order given; what JSON does not know is shown as text."""
    return json.dumps(value, indent=2, ensure_ascii=False, default=str)


def marked(value: object, most: int = SHOWN_CHARACTERS) -> SafeString:
    """Pretty JSON as HTML with keys, texts, numbers and words in spans; everything is escaped.

    Of one that has more than `most` characters the beginning is shown, and how much is left out.
    """
    whole = pretty(value)
    text = whole[:most]
    parts: list[str] = []
    end = 0
    for match in _WORDS.finditer(text):
        parts += [escape(text[end : match.start()]), _marked_word(match)]
        end = match.end()
    parts.append(escape(text[end:]))
    if len(whole) > len(text):
        left_out = f"{len(whole) - len(text):,}".replace(",", "\N{NO-BREAK SPACE}")
        parts.append(format_html(' <span class="json-more">… {} more characters</span>', left_out))
    return mark_safe("".join(parts))  # noqa: S308 - every part is escaped above


def _marked_word(match: re.Match[str]) -> SafeString:
    string, colon, word, number = match.groups()
    if string is not None:
        return format_html('<span class="{}">{}</span>{}', "json-key" if colon else "json-text", string, colon or "")
    return format_html('<span class="{}">{}</span>', "json-word" if word else "json-number", word or number)
