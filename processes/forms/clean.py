"""A raw post cleaned by the schema of its page into the JSON that REST clients send, and what of it is no value.

Judges nothing that the page can judge: what does not convert stays as it was typed, so that the page's own message
names it. What the page would take for something else, or never see, is a fault here.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from django.http import QueryDict

from processes.engine.values.text import clean_text, plain_lines
from processes.forms.converting import NoValue, Typed, chosen, converted
from processes.forms.errors import FieldError
from processes.forms.fields import MISSING, SHOWN_ONLY, Input, Kind, Schema
from processes.forms.reading import inputs
from processes.forms.secret_input import KEPT
from processes.forms.secrets import opened_text

ADD = "_add"
"""The name of a button that asks for one more row; its value is the path of the list."""
REMOVE = "_remove"
"""The name of a button that takes a row away, or what may be absent; its value is the path."""
GIVEN = "_given"
"""Below the path of a group that may be absent: it is there, whatever its fields hold."""
SHOWN = "_shown"
"""Below the path of a union: of which kind the fields were that the page had."""
AGAIN = "_again"
"""Says that what is sent was typed before somebody had to sign in again: it is shown, and sent by a second press."""
MOST_ROWS = 500
_BLANKS: tuple[Any, ...] = (MISSING, None, "", False, [])
_FREE_TEXTS = frozenset({Kind.TEXT, Kind.LONG})


@dataclass(frozen=True)
class Cleaned:
    """The answers of a post, and what of it is no value, at its place.

    `is_edit` where the page is only to be shown anew: with a row more or less, or the fields of another kind.
    """

    answers: dict[str, Any]
    faults: tuple[FieldError, ...] = ()
    is_edit: bool = False


def clean_post(schema: Schema, post: QueryDict) -> Cleaned:
    """The answers to a page: an unticked box is false, an empty text null where null is allowed and else left out.

    Rows of lists in which nothing was typed are dropped; what is only shown is left out.
    """
    reader = _Reader(post, keep_blank_rows=False)
    answers = reader.page(schema)
    return Cleaned(answers, tuple(reader.faults), bool(reader.other_kinds) or ADD in post or REMOVE in post)


def edit_post(schema: Schema, post: QueryDict) -> dict[str, Any]:
    """The answers as they stand, blank rows kept, with what the pressed button names added or taken away."""
    answers = _Reader(post, keep_blank_rows=True).page(schema)
    if ADD in post:
        _add(answers, str(post[ADD]).split("."))
    if REMOVE in post:
        _remove(answers, str(post[REMOVE]).split("."))
    return answers


@dataclass(frozen=True)
class _Reader:
    """Reads a post once; on the way it notes what is no value, and unions that are of another kind than was shown."""

    post: QueryDict
    keep_blank_rows: bool
    faults: list[FieldError] = field(default_factory=list)
    other_kinds: list[str] = field(default_factory=list)

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
                return [chosen(one, clean_text(raw)) for raw in self.post.getlist(one.path)] or _nothing(one)
            case Kind.LIST:
                return self._rows(one) or _nothing(one)
            case Kind.GROUP:
                return self._group(one)
            case Kind.UNION:
                return self._union(one)
            case _:
                return self._accepted(one) if one.kind is Kind.ACCEPT else self._scalar(one)

    def _scalar(self, one: Input) -> Any:
        raw = self.post.get(one.path)
        if raw is None:
            return MISSING
        text = plain_lines(clean_text(raw))
        if one.kind in _FREE_TEXTS and text == one.default and (text or one.nullable):
            return text
        text = text if one.kind in {Kind.LONG, Kind.HIDDEN} or one.format == "password" else text.strip()
        if text == "" and one.format == "password":
            text = opened_text(self.post.get(f"{one.path}.{KEPT}", ""))
        try:
            return self._emptied(one) if text == "" else converted(one, text, self.post)
        except NoValue as error:
            self.faults.append(error.at(one.path))
            return Typed(text)

    def _emptied(self, one: Input) -> Any:
        """What an emptied field means: null where allowed; a text that has a default was cleared on purpose.

        Any other value that has a default would come back by itself, which is not what was asked for.
        """
        if one.nullable:
            return None
        has_default = one.default not in (MISSING, None, "")
        if one.kind in _FREE_TEXTS and not one.format:
            return "" if has_default or (one.kind is Kind.LONG and not one.required) else MISSING
        if has_default and one.kind not in {Kind.HIDDEN, Kind.CHOICE}:
            raise NoValue("missing", "A value is needed here.")
        return MISSING

    def _group(self, one: Input) -> Any:
        if not self._is_given(one):
            return None if one.nullable else MISSING
        return dict(self._values(one.fields))

    def _is_given(self, one: Input) -> bool:
        if one.required or f"{one.path}.{GIVEN}" in self.post:
            return True
        says = self._is_touched if one.can_be_absent else self._is_filled
        return any(says(child) for child in one.fields)

    def _is_filled(self, one: Input) -> bool:
        return not self._is_blank(one)

    def _is_touched(self, one: Input) -> bool:
        """Whether a field holds something else than the page fills it with."""
        if one.kind in SHOWN_ONLY or one.kind is Kind.HIDDEN:
            return False
        if one.kind is Kind.GROUP:
            return any(map(self._is_touched, one.fields))
        value = replace(self, faults=[], other_kinds=[])._value(one)
        return value != one.default and not (self._is_blank(one) and one.default in _BLANKS)

    def _union(self, one: Input) -> Any:
        kind = self.post.get(one.tag_path, "")
        before = self.post.get(f"{one.path}.{SHOWN}")
        if before is not None and before != kind:
            self.other_kinds.append(one.path)
        variant = one.variant(kind)
        if variant is None:
            return None if one.nullable else MISSING
        return {one.tag: variant.value, **dict(self._values(variant.fields))}

    def _rows(self, one: Input) -> list[Any]:
        rows = [one.row(number) for number in self._row_numbers(one.path)]
        if self.keep_blank_rows:
            return [None if value is MISSING else value for value in map(self._value, rows)]
        filled = [row for row in rows if not self._is_blank(row)]
        if len(filled) > MOST_ROWS:
            said = f"{len(filled)} rows were sent; a form takes {MOST_ROWS} at most. Nothing was saved."
            self.faults.append(NoValue("too_many_rows", said).at(one.path))
        return [self._row(one, place, row) for place, row in enumerate(filled)]

    def _row(self, one: Input, place: int, row: Input) -> Any:
        """The value of a row, whose faults are told of the place that it has among those that are filled."""
        before = len(self.faults)
        value = self._value(row)
        for fault in self.faults[before:]:
            fault["loc"][one.path.count(".") + 1] = place
        return value

    def _row_numbers(self, path: str) -> list[int]:
        pattern = re.compile(re.escape(path) + r"\.(\d{1,9})(?:\.|$)")
        return sorted({int(match[1]) for key in self.post if (match := pattern.match(key))})

    def _is_blank(self, one: Input) -> bool:
        """Whether nothing was typed, ticked or chosen here: a zero, a No and an empty JSON list are something."""
        match one.kind:
            case Kind.GROUP:
                return f"{one.path}.{GIVEN}" not in self.post and all(map(self._is_blank, one.fields))
            case Kind.LIST:
                return all(self._is_blank(one.row(number)) for number in self._row_numbers(one.path))
            case Kind.UNION:
                return not self.post.get(one.tag_path)
            case Kind.ACCEPT:
                return self._accepted(one) != "ACCEPTED"
            case Kind.CHECKBOX | Kind.MULTIPLE:
                return one.path not in self.post
            case _:
                typed = self.post.get(one.path, "").strip() or self.post.get(f"{one.path}.{KEPT}")
                return one.kind in SHOWN_ONLY or not typed

    def _accepted(self, one: Input) -> str:
        ticked = {number for number in range(len(one.data)) if f"{one.path}.{number}" in self.post}
        kinds = [str(item[1]) for item in one.data]
        if any(kinds[number] == "skip" for number in ticked):
            return "ACCEPTED"
        needed = {number for number, kind in enumerate(kinds) if kind.lstrip(">") == "checkbox"}
        return "ACCEPTED" if needed <= ticked else "INCOMPLETE"


def _nothing(one: Input) -> list[Any] | None:
    """What no row and no choice mean: null where that is the default, else the empty list."""
    return None if one.nullable and one.default in (MISSING, None) else []


def _add(answers: dict[str, Any], path: list[str]) -> None:
    rows = _at(answers, path)
    if isinstance(rows, list) and len(rows) < MOST_ROWS:
        rows.append(None)
    elif rows is None and isinstance(place := _at(answers, path[:-1]), dict) and path[-1] in place:
        place[path[-1]] = [None]


def _remove(answers: dict[str, Any], path: list[str]) -> None:
    place, last = _at(answers, path[:-1]), path[-1]
    if isinstance(place, list) and last.isdecimal() and int(last) < len(place):
        del place[int(last)]
    elif isinstance(place, dict) and last in place:
        place[last] = None


def _at(value: Any, path: list[str]) -> Any:
    for part in path:
        if isinstance(value, dict):
            value = value.get(part)
        elif isinstance(value, list) and part.isdecimal() and int(part) < len(value):
            value = value[int(part)]
        else:
            return None
    return value
