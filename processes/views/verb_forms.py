"""The forms behind the buttons of a process: its note, and the reason to abort it."""

from typing import Any
from uuid import uuid4

from django import forms

from processes.actions import LONGEST_NOTE, Moved, NoteChanged
from processes.engine.values.text import clean_text
from processes.forms.texts import LinesField
from processes.views.intervention_forms import REASON_LENGTH


class _Cleaned(LinesField):
    """Without what a database does not take."""

    def __init__(self, **rest: Any) -> None:
        said = "At most %(limit_value)d characters; this one has %(show_value)d."
        super().__init__(error_messages={"max_length": said}, **rest)

    def to_python(self, value: Any) -> Any:
        return clean_text(super().to_python(value))


class NoteForm(forms.Form):
    """The note, and what it was when it was shown: one that somebody has changed since is not overwritten."""

    note = _Cleaned(max_length=LONGEST_NOTE, required=False, label="Note", widget=forms.Textarea(attrs={"rows": 6}))
    before = LinesField(required=False, strip=False, widget=forms.HiddenInput)

    @property
    def seen(self) -> str | None:
        """The note that the person had before them; None where the form does not say."""
        return self.cleaned_data["before"] if "before" in self.data else None

    def told_change(self, error: NoteChanged) -> "NoteForm":
        """The same text, to be saved over the note that it was told of."""
        form = NoteForm({"note": self.cleaned_data["note"], "before": error.note})
        form.add_error("note", str(error))
        return form


class AbortForm(forms.Form):
    """Why a process is to end."""

    reason = _Cleaned(
        max_length=REASON_LENGTH, required=False, label="Reason", widget=forms.Textarea(attrs={"rows": 4})
    )
    idempotency_key = forms.CharField(required=False, widget=forms.HiddenInput)
    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    def told_move(self, moved: Moved) -> "AbortForm":
        """The same reason, to be sent to the process as it stands now."""
        form = AbortForm({**self.cleaned_data, "seen": moved.stand, "idempotency_key": uuid4().hex})
        form.add_error(None, f"{moved.reason} It was not aborted; check it, and send again.")
        return form
