"""Filters refuse what they cannot look for."""

from datetime import UTC, datetime
from uuid import UUID

import pytest
from django.core.exceptions import ValidationError

from processes.lists.filters import CalendarMomentField, FlagField, PeriodField, PrefixField, WordsField


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


DAY, NEXT = datetime(2026, 11, 1, tzinfo=UTC), datetime(2026, 11, 2, tzinfo=UTC)
NOON = datetime(2026, 11, 1, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "lookups"),
    [
        ("", {}),
        ("2026-11-01", {"gte": DAY, "lt": NEXT}),
        (">2026-11-01", {"gte": NEXT}),
        (">=2026-11-01", {"gte": DAY}),
        ("<2026-11-01", {"lt": DAY}),
        ("<=2026-11-01", {"lt": NEXT}),
        ("2026-11-01T12:00:00Z", {"exact": NOON}),
        (">2026-11-01T12:00:00Z", {"gt": NOON}),
        (">=2026-11-01T13:00:00+01:00", {"gte": NOON}),
        ("<=2026-11-01T13:00:00 01:00", {"lte": NOON}),
    ],
)
def test_period_is_a_moment_or_a_day_with_a_sign(text: str, lookups: dict[str, datetime]) -> None:
    assert PeriodField(required=False).clean(text) == lookups


@pytest.mark.parametrize("text", [">", "soon", ">=2026-13-01", "<=9999-12-31", "=2026-11-01"])
def test_any_other_period_is_refused(text: str) -> None:
    with pytest.raises(ValidationError):
        PeriodField(required=False).clean(text)


@pytest.mark.parametrize("text", ["3a", "3A*", "3a%"])
def test_prefix_is_the_first_and_the_last_id_that_begin_so(text: str) -> None:
    first, last = UUID("3a" + "0" * 30), UUID("3a" + "f" * 30)

    assert PrefixField().clean(text) == (first, last)


@pytest.mark.parametrize("text", ["x", "*", "3a" * 17, "-"])
def test_any_other_prefix_is_refused(text: str) -> None:
    with pytest.raises(ValidationError, match="Must be an id"):
        PrefixField().clean(text)


def test_whole_id_is_itself() -> None:
    whole = UUID(int=7)

    assert PrefixField().clean(str(whole)) == (whole, whole)
