"""A raw post cleaned by the schema of its page into the JSON that REST clients send. Judges nothing: the page does.

What does not convert stays as it was typed, so that the page's own message names it.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson
from django.http import QueryDict
from django.utils import timezone

from processes.engine.values.text import clean_text
from processes.forms.fields import MISSING, SHOWN_ONLY, Input, Kind, Schema, inputs

ADD = "_add"
"""The name of a button that asks for one more row; its value is the path of the list."""
REMOVE = "_remove"
"""The name of a button that takes a row away; its value is the path of the row."""
MOST_ROWS = 500


def clean_post(schema: Schema, post: QueryDict) -> dict[str, Any]:
    """The answers to a page: an unticked box is false, an empty text null where null is allowed and else left out.

    Rows of lists that are wholly empty are dropped; what is only shown is left out.
    """
    return _Reader(post, keep_blank_rows=False).page(schema)


def edit_post(schema: Schema, post: QueryDict) -> dict[str, Any]:
    """The answers as they stand, blank rows kept, with the row added or taken away that the pressed button names."""
    answers = _Reader(post, keep_blank_rows=True).page(schema)
    if ADD in post:
        rows = _at(answers, str(post[ADD]).split("."))
        if isinstance(rows, list) and len(rows) < MOST_ROWS:
            rows.append(None)
    if REMOVE in post:
        *parents, last = str(post[REMOVE]).split(".")
        rows = _at(answers, parents)
        if isinstance(rows, list) and last.isdecimal() and int(last) < len(rows):
            del rows[int(last)]
    return answers


def is_edit(post: QueryDict) -> bool:
    """Whether the button pressed only adds or takes away a row."""
    return ADD in post or REMOVE in post


@dataclass(frozen=True)
class _Reader:
    post: QueryDict
    keep_blank_rows: bool

    def page(self, schema: Schema) -> dict[str, Any]:
        return dict(self._values(inputs(schema)))

    def _values(self, fields: tuple[Input, ...]) -> Iterator[tuple[str, Any]]:
        for one in fields:
            if one.kind in SHOWN_ONLY:
                continue
            value = self._value(one)
            if value is not MISSING:
                yield one.name, value

    def _value(self, one: Input) -> Any:
        match one.kind:
            case Kind.CHECKBOX:
                return one.path in self.post
            case Kind.MULTIPLE:
                return [_chosen(one, clean_text(raw)) for raw in self.post.getlist(one.path)]
            case Kind.LIST:
                return self._rows(one)
            case Kind.GROUP:
                return self._group(one)
            case Kind.ACCEPT:
                return self._accepted(one)
            case _:
                return self._scalar(one)

    def _scalar(self, one: Input) -> Any:
        raw = self.post.get(one.path)
        if raw is None:
            return MISSING
        text = raw if one.kind is Kind.LONG else raw.strip()
        text = clean_text(text.replace("\r\n", "\n"))
        return _empty(one) if text == "" else _converted(one, text)

    def _group(self, one: Input) -> Any:
        values = dict(self._values(one.fields))
        if not one.required and _is_blank(values):
            return None if one.nullable else MISSING
        return values

    def _rows(self, one: Input) -> list[Any]:
        values = [self._value(one.row(number)) for number in self._row_numbers(one.path)]
        if self.keep_blank_rows:
            return [None if value is MISSING else value for value in values]
        return [value for value in values if not _is_blank(value)]

    def _row_numbers(self, path: str) -> list[int]:
        pattern = re.compile(re.escape(path) + r"\.(\d{1,4})(?:\.|$)")
        found = {int(match[1]) for key in self.post if (match := pattern.match(key))}
        return sorted(found)[:MOST_ROWS]

    def _accepted(self, one: Input) -> str:
        ticked = {number for number in range(len(one.data)) if f"{one.path}.{number}" in self.post}
        kinds = [str(item[1]) for item in one.data]
        if any(kinds[number] == "skip" for number in ticked):
            return "ACCEPTED"
        needed = {number for number, kind in enumerate(kinds) if kind.lstrip(">") == "checkbox"}
        return "ACCEPTED" if needed <= ticked else "INCOMPLETE"


def _empty(one: Input) -> Any:
    """What an emptied field means: null where allowed; a text that has a default was cleared on purpose."""
    if one.nullable:
        return None
    cleared = one.kind in {Kind.TEXT, Kind.LONG} and not one.format and one.default not in {MISSING, None, ""}
    return "" if cleared or (one.kind is Kind.LONG and not one.required) else MISSING


def _converted(one: Input, text: str) -> Any:
    with suppress(ValueError, OverflowError, OSError):
        return _CONVERTERS.get(one.kind, _as_typed)(one, text)
    return text


def _as_typed(one: Input, text: str) -> str:  # noqa: ARG001 - as the others
    return text


def _moment(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else timezone.make_aware(moment)


def _chosen(one: Input, raw: str) -> Any:
    """The value behind the text of an option: the number 4 for "4"; a text that is not offered stays."""
    return next((choice.value for choice in one.choices if str(choice.value) == raw), raw)


_CONVERTERS: Mapping[Kind, Callable[[Input, str], Any]] = {
    Kind.CHOICE: _chosen,
    Kind.INTEGER: lambda _, text: int(text),
    Kind.NUMBER: lambda one, text: text if one.format == "decimal" else float(text),
    Kind.DATETIME: lambda _, text: _moment(text).isoformat(),
    Kind.TIMESTAMP: lambda _, text: int(_moment(text).timestamp()),
    Kind.JSON: lambda _, text: orjson.loads(text),
}


def _is_blank(value: Any) -> bool:
    if isinstance(value, dict):
        return all(_is_blank(item) for item in value.values())
    return value is MISSING or value in (None, "", False) or value == []


def _at(value: Any, path: list[str]) -> Any:
    for part in path:
        if isinstance(value, dict):
            value = value.get(part)
        elif isinstance(value, list) and part.isdecimal() and int(part) < len(value):
            value = value[int(part)]
        else:
            return None
    return value
