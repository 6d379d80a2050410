"""Filters refuse what they cannot look for."""

from datetime import UTC, datetime

import pytest
from django.core.exceptions import ValidationError

from processes.lists.filters import CalendarMomentField, FlagField, WordsField


@pytest.mark.parametrize(("text", "flag"), [("true", True), ("False", False), ("1", True), ("0", False), ("", None)])
def test_a_flag_is_true_or_false(text: str, flag: bool | None) -> None:
    assert FlagField().clean(text) is flag


@pytest.mark.parametrize("text", ["banana", "perhaps", "yes", "2", "truee"])
def test_any_other_flag_is_refused(text: str) -> None:
    with pytest.raises(ValidationError, match="true or false"):
        FlagField().clean(text)


def test_moments_are_kept_in_utc() -> None:
    assert CalendarMomentField().clean("2026-03-29T02:30:00+02:00") == datetime(2026, 3, 29, 0, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    "text", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-12:00", "0001-01-01T00:00:00.000001+00:01"]
)
def test_moments_beyond_the_calendar_are_refused(text: str) -> None:
    """M9."""
    with pytest.raises(ValidationError, match="between the years"):
        CalendarMomentField().clean(text)


def test_words_are_limited_in_number() -> None:
    """M7."""
    assert WordsField().clean(" ".join("abcdefghij")) == "a b c d e f g h i j"
    with pytest.raises(ValidationError, match="at most 10 words; these are 11"):
        WordsField().clean(" ".join("abcdefghijk"))


def test_words_are_limited_in_length() -> None:
    with pytest.raises(ValidationError, match="at most 255 characters"):
        WordsField().clean("x" * 256)
