"""The one renderer: a page's schema, the answers so far and their errors become a Django form with a tree of parts.

The form is for showing; answers are cleaned in `clean` and judged by the page itself.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django import forms
from django.forms.utils import ErrorDict

from processes.forms.clean import GIVEN, SHOWN
from processes.forms.controls import control, count_hint, hidden_text, kind_field, typed
from processes.forms.errors import FieldError
from processes.forms.fields import MISSING, SHOWN_ONLY, Input, Kind, Schema
from processes.forms.parts import Part, checklist, shown_only
from processes.forms.reading import inputs

ROOT = "__root__"


@dataclass(frozen=True)
class PageProblem:
    """A line of the error summary; `anchor` is empty when the message is about the page as a whole."""

    label: str
    message: str
    anchor: str = ""


class PageForm(forms.Form):
    """A page of a form, ready to be drawn: `parts` in order, `problems` for the summary on top."""

    def __init__(self, schema: Schema, answers: Mapping[str, Any], errors: Sequence[FieldError]) -> None:
        super().__init__(label_suffix="")
        self.title = str(schema.get("title") or "")
        self.description = str(schema.get("description") or "")
        self.parts: list[Part] = []
        self.problems: list[PageProblem] = []
        self._by_path: dict[str, Part] = {}
        self._tags: dict[str, set[str]] = {}
        self._refused = {".".join(map(str, error["loc"])) for error in errors}
        for one in inputs(schema):
            self._add(one, answers.get(one.name, one.default), self.parts)
        self._place(errors)

    @property
    def has_required(self) -> bool:
        return any(one.required for one in self.fields.values())

    def _add(self, one: Input, value: Any, into: list[Part]) -> None:
        part = self._part(one, value)
        if part is not None:
            into.append(part)
            self._by_path[one.path] = part

    def _part(self, one: Input, value: Any) -> Part | None:
        match one.kind:
            case Kind.GROUP:
                return self._group(one, value)
            case Kind.UNION:
                return self._union(one, value)
            case Kind.LIST:
                return self._list(one, value)
            case Kind.ACCEPT:
                return checklist(one, value)
            case Kind.HIDDEN:
                return self._hidden(one, value)
            case _:
                return shown_only(one, value) if one.kind in SHOWN_ONLY else self._control(one, value)

    def _control(self, one: Input, value: Any) -> Part:
        made = control(one)
        made.initial = typed(one, value)
        self.fields[one.path] = made
        return Part("control", one.path, one.label, bound=self[one.path])

    def _hidden(self, one: Input, value: Any) -> Part | None:
        is_plain = one.sent_as is not Kind.JSON
        if value is MISSING or (is_plain and value is None and one.default in (None, MISSING)):
            return None
        # What is refused of it nobody can put right: the next time it is what the page has now.
        return self._carried(one.path, hidden_text(one, one.default if one.path in self._refused else value))

    def _carried(self, path: str, text: str) -> Part:
        """A value that the page sends back."""
        self.fields[path] = forms.CharField(widget=forms.HiddenInput(), initial=text, required=False)
        return Part("hidden", path, bound=self[path])

    def _offered(self, path: str) -> Part:
        """The box that gives a group in which nothing was touched."""
        said = "Leave all of it as it is to give none, or tick this to give it so."
        self.fields[path] = forms.BooleanField(required=False, label="Give it as it stands", help_text=said)
        return Part("control", path, bound=self[path])

    def _group(self, one: Input, value: Any) -> Part:
        part, given = Part("group", one.path, one.label, one.help), f"{one.path}.{GIVEN}"
        if one.can_be_absent:
            part.can_remove = isinstance(value, Mapping)
            part.parts.append(self._carried(given, "1") if part.can_remove else self._offered(given))
        values = value if isinstance(value, Mapping) else {}
        for child in one.fields:
            self._add(child, values.get(child.name, child.default), part.parts)
        return part

    def _union(self, one: Input, value: Any) -> Part:
        values = value if isinstance(value, Mapping) else {}
        kind = one.variant(values.get(one.tag))
        part = Part("union", one.path, one.label, one.help)
        self.fields[one.tag_path] = kind_field(one)
        self.fields[one.tag_path].initial = kind.value if kind else ""
        part.bound = self[one.tag_path]
        part.parts.append(self._carried(f"{one.path}.{SHOWN}", kind.value if kind else ""))
        for child in kind.fields if kind else ():
            self._add(child, values.get(child.name, child.default), part.parts)
        self._tags[one.path] = {variant.value for variant in one.variants}
        return part

    def _list(self, one: Input, value: Any) -> Part:
        values = list(value) if isinstance(value, list) else []
        assert one.item is not None
        is_group = one.item.kind is Kind.GROUP
        fewest = max(one.min_items, 0 if is_group else 1)
        values += [MISSING] * (fewest - len(values))
        part = Part("list", one.path, one.label, one.help or count_hint(one))
        part.can_add = one.max_items is None or len(values) < one.max_items
        for number, item in enumerate(values):
            row = one.row(number)
            self._add(replace(row, label=f"{one.label} {number + 1}"), _row(item), part.parts)
            part.parts[-1].can_remove = len(values) > one.min_items
        return part

    def _place(self, errors: Sequence[FieldError]) -> None:
        """Put each message at the nearest part to its place, and all of them into the summary."""
        placed: dict[str, list[str]] = {}
        for error in errors:
            path = self._nearest([str(step) for step in error["loc"] if step != ROOT])
            message = error["msg"][:1].upper() + error["msg"][1:]
            if path is None or self._by_path[path].template == "hidden":
                self.problems.append(PageProblem(_where(error) if path is None else "", message))
                continue
            placed.setdefault(path, []).append(message)
            self.problems.append(PageProblem(self._by_path[path].label, message, self._by_path[path].anchor))
        self._errors = ErrorDict()
        for path, messages in placed.items():
            part = self._by_path[path]
            part.errors = messages
            if part.bound is not None:
                name, place = part.bound.name, part.bound.auto_id
                self._errors[name] = self.error_class(messages, renderer=self.renderer, field_id=place)

    def _nearest(self, named: list[str]) -> str | None:
        loc: list[str] = []
        for step in named:  # a message in a union also names the kind
            if step not in self._tags.get(".".join(loc), ()):
                loc.append(step)
        return next((path for end in range(len(loc), 0, -1) if (path := ".".join(loc[:end])) in self._by_path), None)


def _row(item: Any) -> Any:
    """A row that was only added shows what its fields are filled with."""
    return MISSING if item is None else item


def page_fields(
    schema: Schema, data: Mapping[str, Any] | None = None, errors: Sequence[FieldError] | None = None
) -> PageForm:
    """The form that shows a page: filled with `data` (answers so far), else with the defaults of the schema."""
    return PageForm(schema, data or {}, errors or [])


def _where(error: FieldError) -> str:
    return " / ".join(str(step) for step in error["loc"] if step != ROOT)
