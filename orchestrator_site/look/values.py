"""JSON values for reading: pretty text with marked words, and the difference of two values. Pure."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeGuard

from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe

_WORDS = re.compile(r'("(?:\\.|[^"\\])*")(\s*:)?|\b(true|false|null)\b|(-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)')


@dataclass(frozen=True)
class Change:
    """One value that differs; `before` is None when it was added, `after` None when it was removed."""

    path: str
    kind: str
    before: str | None
    after: str | None


def pretty(value: object) -> str:
    """Indented JSON, keys in the order given; what JSON does not know is shown as text."""
    return json.dumps(value, indent=2, ensure_ascii=False, default=str)


def marked(value: object) -> SafeString:
    """Pretty JSON as HTML with keys, texts, numbers and words in spans; everything is escaped."""
    text = pretty(value)
    parts: list[str] = []
    end = 0
    for match in _WORDS.finditer(text):
        parts += [escape(text[end : match.start()]), _marked_word(match)]
        end = match.end()
    parts.append(escape(text[end:]))
    return mark_safe("".join(parts))  # noqa: S308 - every part is escaped above


def _marked_word(match: re.Match[str]) -> SafeString:
    string, colon, word, number = match.groups()
    if string is not None:
        return format_html('<span class="{}">{}</span>{}', "json-key" if colon else "json-text", string, colon or "")
    return format_html('<span class="{}">{}</span>', "json-word" if word else "json-number", word or number)


def changes(before: object, after: object) -> tuple[Change, ...]:
    """What differs between two JSON values, by path, in the order of `after`; removed keys come last."""
    return tuple(_walk("", before, after))


_ABSENT: Any = object()


def _walk(path: str, before: object, after: object) -> Iterator[Change]:
    if before is _ABSENT:
        yield Change(path, "added", None, plain(after))
        return
    if after is _ABSENT:
        yield Change(path, "removed", plain(before), None)
        return
    if before == after:
        return
    children = _children(before, after)
    if children is None:
        yield Change(path, "changed", plain(before), plain(after))
        return
    for name, old, new in children:
        yield from _walk(f"{path}.{name}" if path else str(name), old, new)


def _children(before: object, after: object) -> list[tuple[object, object, object]] | None:
    if isinstance(before, Mapping) and isinstance(after, Mapping):
        keys = [*after, *(key for key in before if key not in after)]
        return [(key, before.get(key, _ABSENT), after.get(key, _ABSENT)) for key in keys]
    if _is_list(before) and _is_list(after):
        size = max(len(before), len(after))
        return [(index, _at(before, index), _at(after, index)) for index in range(size)]
    return None


def _is_list(value: object) -> TypeGuard[Sequence[object]]:
    return isinstance(value, list | tuple)


def _at(values: Sequence[object], index: int) -> object:
    return values[index] if index < len(values) else _ABSENT


def plain(value: object) -> str:
    """A value in one cell: text as it is, everything else as JSON."""
    if isinstance(value, str):
        return value
    return pretty(value) if isinstance(value, dict | list) else json.dumps(value, ensure_ascii=False, default=str)
