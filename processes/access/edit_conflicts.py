"""Two people who edit one object in the admin: the second save does not revert the first without a word.

A form carries what each field was when it was opened, as a digest. What has changed since is told, beside what was
typed, and nothing is saved; the next save knows of it. The rule is that of HTTP's If-Match.
"""

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import orjson
from django import forms
from django.db.models import Model
from django.http import HttpRequest
from django.utils.text import capfirst

SEEN = "_seen"
_SHORT = 12
_NOTHING = "nothing"
_NEVER = frozenset({"password"})
"""Fields that have a page of their own, and are shown to nobody."""
Values = dict[str, str]
"""The text of each field by its label; those of rows below the object carry the name of the row."""


class KnowsConflicts:
    """Mix into a `ModelAdmin`, before it."""

    opts: Any
    model: Any
    change_form_before_template = "admin/_seen.html"

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        """The form, which tells what somebody else has changed since it was opened."""
        form = super().get_form(request, obj, change=change, **kwargs)  # type: ignore[misc]
        lines = self._changed_since(request, obj) if obj is not None and request.method == "POST" else ()
        return type(form.__name__, (_Told, form), {"told": lines}) if lines else form

    def render_change_form(self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any) -> Any:
        """The page, with what there is now to be compared when it is sent."""
        obj = kwargs.get("obj")
        if obj is not None and obj.pk is not None:
            context["seen"] = _digests(self._present(request, obj))
        return super().render_change_form(request, context, *args, **kwargs)  # type: ignore[misc]

    def _changed_since(self, request: HttpRequest, obj: Model) -> tuple[str, ...]:
        """A sentence for each field that has changed since the form was opened; the row is locked meanwhile."""
        seen = _read(request.POST.get(SEEN, ""))
        if not seen:
            return ()
        known: dict[Any, tuple[str, ...]] = request.__dict__.setdefault("edit_conflicts", {})
        if obj.pk not in known:
            list(self.model._default_manager.select_for_update().filter(pk=obj.pk).values_list("pk"))
            known[obj.pk] = tuple(_sentences(seen, self._present(request, obj)))
        return known[obj.pk]

    def _present(self, request: HttpRequest, obj: Model) -> Values:
        """What the database has now in the fields that can be edited here, and in the rows below."""
        row = self.model._default_manager.get(pk=obj.pk)
        read_only = {*_NEVER, *self.get_readonly_fields(request, row)}  # type: ignore[attr-defined]
        values = dict(_fields(row, read_only))
        for inline in self.get_inline_instances(request, row):  # type: ignore[attr-defined]
            values |= _rows(request, inline, row)
        return values


class _Told:
    """Mixed into a form that is behind the times: says so, and is not valid."""

    told: tuple[str, ...] = ()

    def clean(self) -> Any:
        cleaned = super().clean()  # type: ignore[misc]
        for line in self.told:
            self.add_error(None, forms.ValidationError(line, code="changed_meanwhile"))  # type: ignore[attr-defined]
        return cleaned


def _sentences(seen: Mapping[str, str], present: Values) -> Iterator[str]:
    changed = [label for label, text in present.items() if seen.get(label) != _digest(text)]
    gone = [label for label in seen if label not in present]
    if changed or gone:
        yield (
            "Somebody else has changed this since you opened it. Nothing was saved. What you typed is still in the "
            "form; save again to put it in place of the following."
        )
    yield from (f"{label} is now: {present[label] or _NOTHING}" for label in changed)
    yield from (f"{label} is no longer there." for label in gone)


def _rows(request: HttpRequest, inline: Any, obj: Model) -> Values:
    if not inline.has_change_permission(request, obj):
        return {}
    key = inline.get_formset(request, obj).fk
    read_only = {*inline.get_readonly_fields(request, obj), key.name}
    rows: Iterable[Model] = inline.model._default_manager.filter(**{key.name: obj})
    return {
        f"{capfirst(str(inline.verbose_name))} {row.pk}, “{row}”: {label}": text
        for row in rows
        for label, text in _fields(row, read_only)
    }


def _fields(row: Model, read_only: set[str]) -> Iterator[tuple[str, str]]:
    for field in row._meta.concrete_fields:
        if field.editable and not field.primary_key and field.name not in read_only:
            value = field.value_from_object(row)
            named = getattr(row, field.name) if field.is_relation else value
            yield capfirst(str(field.verbose_name)), "" if value is None else _text(named)
    for several in row._meta.many_to_many:
        if several.name not in read_only:
            yield capfirst(str(several.verbose_name)), ", ".join(sorted(map(str, getattr(row, several.name).all())))


def _text(value: object) -> str:
    return value if isinstance(value, str) else orjson.dumps(value, default=str).decode().strip('"')


def _digests(values: Values) -> str:
    return orjson.dumps({label: _digest(text) for label, text in values.items()}).decode()


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:_SHORT]


def _read(text: str) -> dict[str, str]:
    """What a form says that it has seen; nothing where it says nothing that can be read."""
    try:
        seen = orjson.loads(text)
    except orjson.JSONDecodeError:
        return {}
    return seen if isinstance(seen, dict) else {}
