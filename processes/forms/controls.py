"""The Django field, widget and bounds for one input. It converts and checks nothing: the page itself does."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

import orjson
from django import forms
from django.conf import settings
from django.utils import timezone
from django.utils.html import escape
from django.utils.safestring import SafeString

from processes.forms.choices import choices_of
from processes.forms.fields import MISSING, Choice, Input, Kind
from processes.lists.searched import SearchedInput

_FEW_RADIOS = 4
_FEW_BOXES = 8
_LONG_LIST = 12


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


def typed(one: Input, value: Any) -> Any:
    """A JSON value as its widget wants it."""
    if value is None or value is MISSING:
        return None
    match one.kind:
        case Kind.JSON:
            return value if isinstance(value, str) else orjson.dumps(value, option=orjson.OPT_INDENT_2).decode()
        case Kind.DATETIME | Kind.TIMESTAMP:
            return _local_text(value)
        case Kind.MULTIPLE:
            return [str(item) for item in value] if isinstance(value, list) else []
        case Kind.CHOICE:
            return str(value)
        case _:
            return value


def _local_text(value: Any) -> str:
    try:
        moment = (
            datetime.fromtimestamp(value, timezone.get_current_timezone())
            if isinstance(value, int | float)
            else datetime.fromisoformat(str(value))
        )
    except (ValueError, OverflowError, OSError):
        return str(value)
    return f"{timezone.localtime(moment) if moment.tzinfo else moment:%Y-%m-%dT%H:%M}"


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
    return escape(" ".join(filter(None, [one.help, hint])))


def _range_hint(one: Input) -> str:
    if one.kind not in {Kind.INTEGER, Kind.NUMBER}:
        return ""
    return _between(one.minimum, one.maximum, "")


def count_hint(one: Input) -> str:
    return _between(one.min_items or None, one.max_items, " of them")


def _between(least: float | None, most: float | None, noun: str) -> str:
    if least is not None and most is not None:
        return f"Exactly {least:g}{noun}." if least == most else f"{least:.10g} to {most:.10g}{noun}."
    if least is not None:
        return f"At least {least:.10g}{noun}."
    return f"At most {most:.10g}{noun}." if most is not None else ""


def _text(one: Input) -> forms.Widget:
    options = settings.FORM_SEARCHES.get(one.format)
    if one.search is not None and options:
        return SearchedInput(options, one.search)
    made = {"email": forms.EmailInput, "uri": forms.URLInput, "password": forms.PasswordInput}.get(
        one.format, forms.TextInput
    )
    lengths = {"minlength": one.min_length, "maxlength": one.max_length}
    attrs = {name: str(value) for name, value in lengths.items() if value is not None}
    return made(attrs={"autocomplete": "off", **attrs})


def _number(one: Input) -> forms.Widget:
    bounds = {"min": one.minimum, "max": one.maximum}
    attrs = {name: f"{value:.15g}" for name, value in bounds.items() if value is not None}
    return forms.NumberInput(attrs={"step": "1" if one.kind is Kind.INTEGER else "any", **attrs})


def _dated(kind: str) -> Callable[[Input], forms.Widget]:
    def made(one: Input) -> forms.Widget:  # noqa: ARG001 - as the others
        widget = forms.TextInput()
        widget.input_type = kind
        return widget

    return made


def _area(one: Input) -> forms.Widget:
    attrs = {"rows": "5"}
    if one.max_length is not None:
        attrs["maxlength"] = str(one.max_length)
    return forms.Textarea(attrs=attrs)


def _json_area(one: Input) -> forms.Widget:  # noqa: ARG001 - as the others
    return forms.Textarea(attrs={"rows": "6", "spellcheck": "false", "class": "font-monospace"})


_WIDGETS: Mapping[Kind, Callable[[Input], forms.Widget]] = {
    Kind.LONG: _area,
    Kind.JSON: _json_area,
    Kind.INTEGER: _number,
    Kind.NUMBER: _number,
    Kind.DATE: _dated("date"),
    Kind.TIME: _dated("time"),
    Kind.DATETIME: _dated("datetime-local"),
    Kind.TIMESTAMP: _dated("datetime-local"),
}
