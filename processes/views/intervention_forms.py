"""The forms of interventions: a reason always, and JSON that a person writes by hand."""

import hashlib
from collections.abc import Mapping
from typing import Any
from uuid import uuid4

import orjson
from django import forms

from processes.actions import OWN_KEYS, Moved
from processes.engine.plan import AT_END, PlanRow
from processes.engine.values import json_text
from processes.engine.values.text import plain_lines
from processes.forms.texts import LinesField

MOVED = "The process has changed since you opened this form. Nothing was saved; check it, and save again."
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

    def see_again(self, moved: Moved) -> None:
        """Keep what was typed, to be sent to the process as it stands now."""
        again = {"seen": moved.stand, "idempotency_key": uuid4().hex}
        self.data = {name: self.data.get(name) for name in self.data} | again
        self.add_error(None, f"{moved.reason} Nothing was done; check it, and send again.")


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
    """Edit a state: a field for each value that is short, and one object for all the rest.

    `shown` is what the page was filled with, a digest a key. A value that has changed since is told beside what was
    typed, and nothing is saved; what was left as it is takes its present value.
    """

    shown = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, state: Mapping[str, Any], *args: Any, **rest: Any) -> None:
        super().__init__(*args, **rest)
        self._texts = {key: _text(value) for key, value in sorted(state.items()) if key not in OWN_KEYS}
        short = [key for key, text in self._texts.items() if len(text) <= INLINE_CHARACTERS]
        self.keys = {_field_name(key): key for key in short[:INLINE_KEYS]}
        self.others = [key for key in self._texts if key not in self.keys.values()]
        self._before = {key: _digest(text) for key, text in self._texts.items()}
        for name, key in self.keys.items():
            self.fields[name] = _value_field(key, self._texts[key])
        self.fields["patch"] = JsonField(
            only_objects=True,
            label="Other keys" if self.keys else "Keys",
            help_text="A JSON object; its keys replace those of the state or are added.",
            widget=_area(2),
        )
        self.initial.setdefault("shown", orjson.dumps(self._before).decode())
        self.order_fields([*self.keys, "patch", "reason", "idempotency_key", "seen", "shown"])

    @property
    def values(self) -> list[forms.BoundField]:
        """The fields of single values."""
        return [self[name] for name in self.keys]

    def changes(self) -> dict[str, Any]:
        """What differs from the state that was shown, by key."""
        changed = {key: self.cleaned_data[name] for name, key in self.keys.items() if self._is_filled_in(name, key)}
        return {**changed, **(self.cleaned_data["patch"] or {})}

    def told_changes(self, initial: Mapping[str, str]) -> "StateForm | None":
        """The same form over the present state, where a value that it showed is another one by now; else None."""
        seen = self._seen() or self._before
        changed = [key for key in {**seen, **self._before} if seen.get(key) != self._before.get(key)]
        if not changed and self.data.get("seen", "") == initial["seen"]:
            return None
        form = StateForm(self._values(), self._rebased(changed, initial), initial=initial)
        form.is_valid()
        form.add_error(None, MOVED)
        for key in changed:
            form._tell(key, typed=self._typed(key))
        return form

    def _typed(self, key: str) -> str:
        """What a person has typed for this key; nothing where it was left as it was."""
        name = _field_name(key)
        if name in self.keys:
            return self.data[name] if self._is_filled_in(name, key) else ""
        text = str(self.data.get(name, ""))
        return text if _digest(plain_lines(text)) != self._seen().get(key) else ""

    def _values(self) -> dict[str, Any]:
        return {key: orjson.loads(text) for key, text in self._texts.items()}

    def _seen(self) -> dict[str, str]:
        """What the page says that it was filled with; nothing where it says nothing that can be read."""
        return _object_of(self.data.get("shown", ""))

    def _rebased(self, changed: list[str], initial: Mapping[str, str]) -> dict[str, Any]:
        """What was typed, with the present value of each field that was left as it is."""
        data = {name: self.data.get(name, "") for name in self.fields} | dict(initial)
        data["shown"] = orjson.dumps(self._before).decode()
        left = [
            name
            for name, key in self.keys.items()
            if name not in self.data or (key in changed and not self._is_filled_in(name, key))
        ]
        return data | {name: self._texts[self.keys[name]] for name in left}

    def _tell(self, key: str, *, typed: str) -> None:
        name = _field_name(key)
        if name not in self.fields:
            now = "has changed" if key in self._texts else "is no longer there"
            more = f" You had typed: {typed}" if typed else ""
            self.add_error("patch", f"The value of {key} {now} since you opened this form.{more}")
        elif typed:
            self.add_error(name, f"It has changed since you opened this form, and is now: {self._texts[key]}")
        else:
            self.add_error(name, "It has changed since you opened this form; this is the present value.")

    def _is_filled_in(self, name: str, key: str) -> bool:
        """Whether a person has made it another value than the page was filled with."""
        if name not in self.data:
            return False
        if name not in self.cleaned_data:  # it is not JSON, so that somebody has typed it
            return True
        return _digest(_text(self.cleaned_data[name])) != self._seen().get(key, self._before.get(key))


def _value_field(key: str, text: str) -> forms.Field:
    return JsonField(label=key, initial=text, widget=_area(min(text.count("\n") + 1, 8)))


def _area(rows: int) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows, "class": "font-monospace", "spellcheck": "false"})


def _field_name(key: str) -> str:
    """The same for the same key, whatever other keys come and go."""
    return f"value_{_digest(key)}"


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def _object_of(text: str) -> dict[str, str]:
    """A JSON object of texts; an empty one for anything else."""
    try:
        found = orjson.loads(text)
    except orjson.JSONDecodeError:
        return {}
    return {str(key): str(value) for key, value in found.items()} if isinstance(found, dict) else {}


def _text(value: object) -> str:
    return orjson.dumps(value, option=orjson.OPT_INDENT_2).decode()
