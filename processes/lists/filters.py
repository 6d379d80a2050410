"""Filters for the lists of every app that refuse what they cannot look for, where django-filter takes it for nothing.

A text has a limited length and number of words, a flag is true or false, a moment is one that every database knows.
"""

from datetime import UTC, datetime
from typing import Any

import django_filters
from django import forms
from django.core.exceptions import ValidationError
from django_filters.fields import IsoDateTimeField

LONGEST_TEXT = 255
"""Characters; SQLite takes no pattern beyond 50 000 bytes, and nobody types as many."""
MOST_WORDS = 10
FLAGS = {"true": True, "1": True, "false": False, "0": False}


class TextFilter(django_filters.CharFilter):
    """By a text of at most 255 characters."""

    def __init__(self, *args: Any, **rest: Any) -> None:
        super().__init__(*args, **{"max_length": LONGEST_TEXT, **rest})


class WordsField(forms.CharField):
    """A text to search for, of at most 255 characters and ten words; without blanks around it."""

    def __init__(self, **rest: Any) -> None:
        super().__init__(**{"max_length": LONGEST_TEXT, **rest})

    def clean(self, value: Any) -> str:
        text: str = super().clean(value)
        number = len(text.split())
        if number > MOST_WORDS:
            raise ValidationError(f"Search for at most {MOST_WORDS} words; these are {number}.", code="too_many_words")
        return text


class WordsFilter(django_filters.Filter):
    """By the words of a person."""

    field_class = WordsField


class FlagField(forms.Field):
    """True or false as REST writes them; nothing when it is empty."""

    def clean(self, value: Any) -> bool | None:
        text = str(value or "").strip().lower()
        if text and text not in FLAGS:
            raise ValidationError("Must be true or false.", code="invalid")
        return FLAGS.get(text)


class FlagFilter(django_filters.Filter):
    """By a flag."""

    field_class = FlagField


class CalendarMomentField(IsoDateTimeField):
    """A moment in ISO 8601 that is within the calendar in every time zone."""

    def clean(self, value: Any) -> datetime | None:
        moment: datetime | None = super().clean(value)
        try:
            return None if moment is None else moment.astimezone(UTC)
        except (OverflowError, ValueError) as error:
            raise ValidationError("Must be between the years 1 and 9999 in UTC.", code="invalid") from error


class MomentFilter(django_filters.IsoDateTimeFilter):
    """By a moment."""

    field_class = CalendarMomentField
