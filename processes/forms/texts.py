"""Texts of several lines, in pages of authors and in Django forms: the end of a line is one character everywhere."""

from typing import Annotated, Any

from django import forms
from pydantic import BeforeValidator
from pydantic_forms.validators import LongText as AnyLongText

from processes.engine.values.text import plain_lines


def _plain(value: object) -> object:
    return plain_lines(value) if isinstance(value, str) else value


LongText = Annotated[AnyLongText, BeforeValidator(_plain)]
"""A text of several lines in a page: counted, and kept, alike whether it comes from a browser or over REST."""


class LinesField(forms.CharField):
    """A text of several lines in a Django form; what is too long is told, with how long it is."""

    widget = forms.Textarea

    def to_python(self, value: Any) -> Any:
        return _plain(super().to_python(value))
