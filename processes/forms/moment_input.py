"""The field of a moment: date and time of the site's zone, what it was filled with, and which of two where asked."""

from typing import Any

from django import forms
from django.utils.html import format_html_join
from django.utils.safestring import SafeString

from processes.forms import moments
from processes.forms.converting import BEFORE, OFFSET, Typed
from processes.lists.markup import html


class MomentInput(forms.TextInput):
    """A date and a time; its value is a moment in JSON, or a text as it was typed."""

    input_type = "datetime-local"

    def render(self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: Any = None) -> SafeString:
        if value in (None, ""):
            return super().render(name, None, attrs, renderer)
        text = str(value) if isinstance(value, Typed) else moments.shown(value)
        fine = {"step": "any"} if text.count(":") > 1 else {}
        field = super().render(name, text, {**(attrs or {}), **fine}, renderer)
        return html("{}{}{}", field, _before(name, value), _offsets(name, value))


def _before(name: str, value: Any) -> SafeString:
    """What the field was filled with: if its text stays, so does the value, to the last digit."""
    if isinstance(value, Typed):
        return SafeString("")
    return html('<input type="hidden" name="{}.{}" value="{}">', name, BEFORE, value)


def _offsets(name: str, value: Any) -> SafeString:
    """Which of the two moments is meant that the clocks show one after the other."""
    choices = moments.offsets(value)
    if not choices:
        return SafeString("")
    now = "" if isinstance(value, Typed) else moments.offset_of(value)
    named = zip(choices, ("the first time", "the second time"), strict=True)
    options = format_html_join(
        "",
        '<option value="{}"{}>UTC{}, {}</option>',
        ((offset, SafeString(" selected") if offset == now else "", offset, which) for offset, which in named),
    )
    empty = SafeString("") if now in choices else SafeString('<option value="">Choose…</option>')
    return html(
        '<select class="form-select mt-2" name="{}.{}" id="id_{}.{}" aria-label="Which of the two">{}{}</select>',
        name,
        OFFSET,
        name,
        OFFSET,
        empty,
        options,
    )
