"""The forms of interventions: a reason always, and JSON that a person writes by hand."""

from collections.abc import Mapping
from typing import Any

import orjson
from django import forms

from processes.actions import OWN_KEYS
from processes.engine.plan import AT_END, PlanRow
from processes.engine.values import json_text
from processes.forms.texts import LinesField

REASON_LENGTH = 2000
INLINE_KEYS = 60
INLINE_CHARACTERS = 4000
"""A value longer than this is changed by the object at the end of the form, not in a field of its own."""
_END = "~end"


class JsonField(forms.CharField):
    """A text that is JSON; None when it is empty. `only_objects` refuses anything but an object."""

    def __init__(self, *, only_objects: bool = False, **rest: Any) -> None:
        super().__init__(required=False, strip=True, **rest)
        self.only_objects = only_objects

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        if not text:
            return None
        try:
            parsed = json_text.read(text)
        except json_text.InvalidJson as error:
            raise forms.ValidationError(f"The value {error}.") from error
        if self.only_objects and not isinstance(parsed, dict):
            raise forms.ValidationError('Must be a JSON object, such as {"address": "10.0.0.1"}.')
        return parsed


class InterventionForm(forms.Form):
    """What every intervention asks: why. `idempotency_key` makes a second press harmless.

    `seen` is where the process stood when the form was made: what has moved on since is left alone.
    """

    reason = LinesField(
        max_length=REASON_LENGTH,
        widget=forms.Textarea(attrs={"rows": 2}),
        label="Reason",
        help_text="Visible to everybody who can see this process.",
        error_messages={"required": "A reason is required."},
    )
    idempotency_key = forms.CharField(max_length=255, widget=forms.HiddenInput)
    seen = forms.CharField(max_length=100, required=False, widget=forms.HiddenInput)


class SkipForm(InterventionForm):
    """Skip a step: what it would have returned."""

    result = JsonField(
        only_objects=True,
        label="Result of the step",
        help_text="A JSON object, merged into the state as if the step had returned it; empty for none.",
        widget=forms.Textarea(attrs={"rows": 4, "class": "font-monospace", "spellcheck": "false"}),
    )
    field_order = ("result", "reason", "idempotency_key", "seen")


class ContinueForm(InterventionForm):
    """Go on elsewhere: at which step of the present plan."""

    path = forms.ChoiceField(label="Continue at")
    field_order = ("path", "reason", "idempotency_key", "seen")

    def __init__(self, rows: tuple[PlanRow, ...], *args: Any, **rest: Any) -> None:
        super().__init__(*args, **rest)
        self.initial.setdefault("path", _likely_place(rows))
        present = [(row.after.path, row.after.name) for row in rows if row.after]
        choices = self.fields["path"]
        assert isinstance(choices, forms.ChoiceField)
        choices.choices = [*present, (_END, "End of the workflow")]

    def clean_path(self) -> str:
        chosen: str = self.cleaned_data["path"]
        return AT_END if chosen == _END else chosen


def _likely_place(rows: tuple[PlanRow, ...]) -> str:
    """The step where the process stands, or else the next that this release has."""
    here = next((number for number, row in enumerate(rows) if row.is_current), len(rows))
    return next((row.after.path for row in rows[here:] if row.after), _END)


class StateForm(InterventionForm):
    """Edit a state: a field for each value that is short, and one object for all the rest."""

    def __init__(self, state: Mapping[str, Any], *args: Any, **rest: Any) -> None:
        super().__init__(*args, **rest)
        texts = {key: _text(value) for key, value in sorted(state.items()) if key not in OWN_KEYS}
        short = [key for key, text in texts.items() if len(text) <= INLINE_CHARACTERS]
        self.keys = {f"value_{number}": key for number, key in enumerate(short[:INLINE_KEYS])}
        self.others = [key for key in texts if key not in self.keys.values()]
        self._before = {name: orjson.dumps(state[key]) for name, key in self.keys.items()}
        for name, key in self.keys.items():
            self.fields[name] = _value_field(key, texts[key])
        self.fields["patch"] = JsonField(
            only_objects=True,
            label="Other keys" if self.keys else "Keys",
            help_text="A JSON object; its keys replace those of the state or are added.",
            widget=_area(2),
        )
        self.order_fields([*self.keys, "patch", "reason", "idempotency_key", "seen"])

    @property
    def values(self) -> list[forms.BoundField]:
        """The fields of single values."""
        return [self[name] for name in self.keys]

    def changes(self) -> dict[str, Any]:
        """What differs from the state that was shown, by key."""
        changed = {
            key: self.cleaned_data[name]
            for name, key in self.keys.items()
            if orjson.dumps(self.cleaned_data[name]) != self._before[name]
        }
        return {**changed, **(self.cleaned_data["patch"] or {})}


def _value_field(key: str, text: str) -> forms.Field:
    return JsonField(label=key, initial=text, widget=_area(min(text.count("\n") + 1, 8)))


def _area(rows: int) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows, "class": "font-monospace", "spellcheck": "false"})


def _text(value: object) -> str:
    return orjson.dumps(value, option=orjson.OPT_INDENT_2).decode()
