"""The Django field, widget and bounds for one input. It converts and checks nothing: the page itself does.

No widget limits how much can be typed: browsers cut what is pasted without a word, and the page tells what is too long.
"""

import json
from collections.abc import Callable, Mapping
from typing import Any

from django import forms
from django.conf import settings
from django.utils import timezone
from django.utils.html import escape
from django.utils.safestring import SafeString

from processes.forms.choices import choices_of
from processes.forms.converting import Typed
from processes.forms.fields import MISSING, Choice, Input, Kind
from processes.forms.moment_input import MomentInput
from processes.forms.secret_input import SecretInput
from processes.lists.searched import SearchedInput
from processes.lists.values import number_for_people

_FEW_RADIOS = 4
_FEW_BOXES = 8
_LONG_LIST = 12
_MOMENTS = frozenset({Kind.DATETIME, Kind.TIMESTAMP})


def control(one: Input) -> forms.Field:
    """A Django field with the widget, bounds and choices of an input; it converts and checks nothing."""
    choices = choices_of(one)
    if one.kind is Kind.MULTIPLE:
        return _multiple(one, choices)
    if one.kind is Kind.CHOICE or choices:
        return _single(one, choices)
    if one.kind is Kind.CHECKBOX:
        return forms.BooleanField(required=False, label=one.label, help_text=_help(one))
    widget = _WIDGETS.get(one.kind, _text)(one)
    return forms.CharField(required=one.required, label=one.label, help_text=_help(one), widget=widget)


def kind_field(one: Input) -> forms.Field:
    """The choice of the kind of a union; when it is made, the page shows the fields of that kind."""
    blank = [] if one.required and len(one.variants) == 1 else [("", _blank(one))]
    options = [(variant.value, variant.label) for variant in one.variants]
    widget = forms.Select(attrs={"data-shows": ""})
    return forms.ChoiceField(required=one.required, label="Kind", choices=[*blank, *options], widget=widget)


def typed(one: Input, value: Any) -> Any:
    """A JSON value as its widget wants it; what was typed and is no value as it was typed."""
    if one.kind is Kind.JSON:
        return _json_text(one, value)
    if value is None or value is MISSING:
        return None
    match one.kind:
        case Kind.MULTIPLE:
            return [str(item) for item in value] if isinstance(value, list) else []
        case Kind.CHOICE:
            return str(value)
        case _:
            return value


def hidden_text(one: Input, value: Any) -> str:
    """A value as a page carries it without showing it: a text as it is, anything else as JSON."""
    if isinstance(value, Typed) or (value is None and one.sent_as is not Kind.JSON):
        return value or ""
    return value if one.sent_as is Kind.TEXT and isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _json_text(one: Input, value: Any) -> str:
    if isinstance(value, Typed):
        return value
    means_nothing = one.nullable or one.default in (MISSING, None)
    if value is MISSING or (value is None and means_nothing):
        return ""
    return json.dumps(value, ensure_ascii=False, indent=2)


def _single(one: Input, choices: tuple[Choice, ...]) -> forms.Field:
    options = [(str(choice.value), choice.label) for choice in choices]
    use_radios = len(options) <= _FEW_RADIOS and one.required
    blank = [] if use_radios or (one.default not in {MISSING, None} and not one.nullable) else [("", _blank(one))]
    widget = forms.RadioSelect() if use_radios else forms.Select()
    return forms.ChoiceField(
        required=one.required, label=one.label, help_text=_help(one), choices=[*blank, *options], widget=widget
    )


def _blank(one: Input) -> str:
    return "Choose…" if one.required else "None"


def _multiple(one: Input, choices: tuple[Choice, ...]) -> forms.Field:
    options = [(str(choice.value), choice.label) for choice in choices]
    size = {"size": str(min(len(options), _LONG_LIST))}
    widget = forms.CheckboxSelectMultiple() if len(options) <= _FEW_BOXES else forms.SelectMultiple(attrs=size)
    required = one.required and one.min_items > 0
    return forms.MultipleChoiceField(
        required=required, label=one.label, help_text=_help(one), choices=options, widget=widget
    )


def _help(one: Input) -> SafeString:
    hint = count_hint(one) if one.kind is Kind.MULTIPLE else _range_hint(one)
    zone = f"Time zone: {timezone.get_current_timezone_name()}." if one.kind in _MOMENTS else ""
    return escape(" ".join(filter(None, [one.help, hint, zone])))


def _range_hint(one: Input) -> str:
    if one.kind not in {Kind.INTEGER, Kind.NUMBER}:
        return ""
    return _between(one.minimum, one.maximum, "")


def count_hint(one: Input) -> str:
    return _between(one.min_items or None, one.max_items, " of them")


def _between(least: float | None, most: float | None, noun: str) -> str:
    if least is not None and most is not None:
        return (
            f"Exactly {number_for_people(least)}{noun}."
            if least == most
            else f"{number_for_people(least)} to {number_for_people(most)}{noun}."
        )
    if least is not None:
        return f"At least {number_for_people(least)}{noun}."
    return f"At most {number_for_people(most)}{noun}." if most is not None else ""


def _text(one: Input) -> forms.Widget:
    options = settings.FORM_SEARCHES.get(one.format)
    if one.search is not None and options:
        return SearchedInput(options, one.search)
    if one.format == "password":
        return SecretInput(attrs={"autocomplete": "new-password"})
    made = {"email": forms.EmailInput, "uri": forms.URLInput}.get(one.format, forms.TextInput)
    return made(attrs={"autocomplete": "off"})


def _number(one: Input) -> forms.Widget:
    """A field of text: one of numbers sends nothing at all of what is not yet a number, such as `12-`."""
    is_never_negative = one.minimum is not None and one.minimum >= 0
    keys = {} if not is_never_negative else {"inputmode": "numeric" if one.kind is Kind.INTEGER else "decimal"}
    return forms.TextInput(attrs={"autocomplete": "off", **keys})


def _dated(kind: str) -> Callable[[Input], forms.Widget]:
    def made(one: Input) -> forms.Widget:  # noqa: ARG001 - as the others
        widget = forms.TextInput()
        widget.input_type = kind
        return widget

    return made


def _area(one: Input) -> forms.Widget:  # noqa: ARG001 - as the others
    return forms.Textarea(attrs={"rows": "5"})


def _json_area(one: Input) -> forms.Widget:  # noqa: ARG001 - as the others
    return forms.Textarea(attrs={"rows": "6", "spellcheck": "false", "class": "font-monospace"})


_WIDGETS: Mapping[Kind, Callable[[Input], forms.Widget]] = {
    Kind.LONG: _area,
    Kind.JSON: _json_area,
    Kind.INTEGER: _number,
    Kind.NUMBER: _number,
    Kind.DATE: _dated("date"),
    Kind.TIME: _dated("time"),
    Kind.DATETIME: lambda _: MomentInput(),
    Kind.TIMESTAMP: lambda _: MomentInput(),
}
