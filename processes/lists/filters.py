"""Filters for the lists of every app that refuse what they cannot look for, where django-filter takes it for nothing.

A text has a limited length and number of words, a flag is true or false, a moment is one that every database knows.
"""

import re
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import django_filters
from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
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


class PrefixField(forms.CharField):
    """The id of a row or its beginning, as the first and the last id that begin so."""

    def clean(self, value: Any) -> tuple[UUID, UUID] | None:
        text: str = super().clean(value)
        digits = text.rstrip("*%").replace("-", "").lower()
        if not text:
            return None
        if not re.fullmatch("[0-9a-f]{1,32}", digits):
            raise ValidationError("Must be an id, or the beginning of one.", code="invalid")
        return UUID(digits.ljust(32, "0")), UUID(digits.ljust(32, "f"))


class PrefixFilter(django_filters.Filter):
    """By an id, or by how it begins; read from the index of the ids."""

    field_class = PrefixField

    def filter(self, found: QuerySet[Any], value: tuple[UUID, UUID] | None) -> QuerySet[Any]:
        if not value:
            return found
        first, last = value
        name = self.field_name
        return found.filter(**({name: first} if first == last else {f"{name}__gte": first, f"{name}__lte": last}))


class PeriodField(forms.CharField):
    """A moment, a day, or one of them behind `>`, `>=`, `<` or `<=`; as look-ups of a moment."""

    def clean(self, value: Any) -> dict[str, datetime]:
        text: str = super().clean(value)
        if not text:
            return {}
        match = re.fullmatch("(>=|<=|>|<)?(.*)", text)
        assert match is not None
        sign, told = match[1], match[2].strip()
        is_day = re.fullmatch(r"\d{4}-\d{2}-\d{2}", told) is not None
        # A plus that was not escaped in an address has become a blank.
        moment = CalendarMomentField().clean(f"{told}T00:00:00Z" if is_day else told.replace(" ", "+"))
        assert moment is not None
        return self._lookups(sign or "", moment, is_day=is_day)

    def _lookups(self, sign: str, moment: datetime, *, is_day: bool) -> dict[str, datetime]:
        """Behind a sign a day is meant whole: `<=` ends with it, `>` begins after it."""
        if not sign and not is_day:
            return {"exact": moment}
        end = _a_day_later(moment) if is_day else moment
        match sign:
            case "":
                return {"gte": moment, "lt": end}
            case ">":
                return {"gte" if is_day else "gt": end}
            case "<=":
                return {"lt" if is_day else "lte": end}
            case _:
                return {"gte" if sign == ">=" else "lt": moment}


class PeriodFilter(django_filters.Filter):
    """By a moment, as the Workflow Orchestrator's clients write it: `>=2026-11-01T00:00:00Z`, `2026-11-01`."""

    field_class = PeriodField

    def filter(self, found: QuerySet[Any], value: dict[str, datetime]) -> QuerySet[Any]:
        return found.filter(**{f"{self.field_name}__{lookup}": moment for lookup, moment in value.items()})


def _a_day_later(moment: datetime) -> datetime:
    try:
        return moment + timedelta(days=1)
    except OverflowError as error:
        raise ValidationError("Must be between the years 1 and 9999 in UTC.", code="invalid") from error


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
