"""What was typed is the value that it says, or is told at its field; nothing becomes something else."""

from typing import Any

import pytest
from django.utils import timezone

from processes.forms import clean_post, moments
from processes.forms.converting import Typed
from tests.processes.forms.test_clean import post

ANY = {"properties": {"a": {"title": "A"}, "b": {"anyOf": [{}, {"type": "null"}], "default": {"x": [1, True, None]}}}}


@pytest.mark.parametrize(
    ("typed", "value"),
    [
        ('{"a": 1}', {"a": 1}),
        ("[]", []),
        ('"text"', "text"),
        ("null", None),
        ("0.1", 0.1),
        ("1.0", 1.0),
        ("9007199254740993", 9007199254740993),
    ],
)
def test_json_that_was_typed_is_the_value_it_says(typed: str, value: Any) -> None:
    """fault 6"""
    cleaned = clean_post(ANY, post({"a": typed, "b": ""}))

    assert (cleaned.answers, cleaned.faults) == ({"a": value, "b": None}, ())


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ('{"a": 1', "The value is not JSON: "),
        ("text", "The value is not JSON: "),
        ('{"a": 1, "a": 2}', "The value names “a” twice in one object."),
        ("NaN", "The value is not JSON: "),
        ("1e400", "The value is not JSON: "),
        ("12345678901234567.89", "The value holds the number 12345678901234567.89"),
        ("99999999999999999999", "The value holds the number 99999999999999999999"),
        ("[" * 110 + "]" * 110, "The value is nested deeper than 100 levels."),
        ("[" * 100_000, "The value is not JSON: "),
    ],
)
def test_broken_json_is_told_at_its_field_and_kept(typed: str, message: str) -> None:
    """fault 6"""
    cleaned = clean_post(ANY, post({"a": typed}))

    assert [(fault["loc"], fault["msg"][: len(message)]) for fault in cleaned.faults] == [(["a"], message)]
    assert isinstance(cleaned.answers["a"], Typed)


MOMENTS = {"properties": {"at": {"type": "string", "format": "date-time"}}}


def moment(zone: str, **typed: str) -> tuple[Any, list[str]]:
    with timezone.override(zone):
        cleaned = clean_post(MOMENTS, post({name.replace("__", "._"): value for name, value in typed.items()}))
    return cleaned.answers["at"], [fault["msg"] for fault in cleaned.faults]


@pytest.mark.parametrize(
    ("zone", "typed", "value"),
    [
        ("UTC", "2026-03-29T02:30", "2026-03-29T02:30:00+00:00"),
        ("Europe/Amsterdam", "2026-03-29T03:30", "2026-03-29T03:30:00+02:00"),
        ("Europe/Amsterdam", "2026-07-01T12:34:56", "2026-07-01T12:34:56+02:00"),
        ("Australia/Lord_Howe", "2026-07-01T12:34:56.789", "2026-07-01T12:34:56.789000+10:30"),
        ("America/New_York", "1800-01-01T00:00", "1800-01-01T04:56:02+00:00"),
        ("Europe/Amsterdam", "2026-03-29T02:30+05:00", "2026-03-29T02:30:00+05:00"),
    ],
)
def test_a_moment_is_one_of_the_zone_of_the_site(zone: str, typed: str, value: str) -> None:
    """fault 11"""
    assert moment(zone, at=typed) == (value, [])


@pytest.mark.parametrize(
    ("zone", "typed", "message"),
    [
        (
            "Europe/Amsterdam",
            "2026-03-29T02:30",
            "02:30 does not exist on this day in Europe/Amsterdam: the clocks were put forward.",
        ),
        (
            "Australia/Lord_Howe",
            "2026-10-04T02:15",
            "02:15 does not exist on this day in Australia/Lord_Howe: the clocks were put forward.",
        ),
        (
            "Australia/Lord_Howe",
            "2026-04-05T01:45",
            "01:45 occurs twice on this day in Australia/Lord_Howe: choose which one.",
        ),
        ("Europe/Paris", "2026-10-25T02:30", "02:30 occurs twice on this day in Europe/Paris: choose which one."),
        ("Europe/Amsterdam", "0001-01-01T00:00", "It must lie between the years 1 and 9999."),
        ("America/Adak", "9999-12-31T23:00", "It must lie between the years 1 and 9999."),
        ("UTC", "2026-01-31", "The time is missing."),
        ("UTC", "2026-02-30T10:00", "This is not a date with a time."),
        ("UTC", "tomorrow", "This is not a date with a time."),
    ],
)  # fmt: skip
def test_what_is_no_moment_is_told_with_the_reason(zone: str, typed: str, message: str) -> None:
    """faults 4, 11 and 14"""
    assert moment(zone, at=typed) == (typed, [message])


@pytest.mark.parametrize(
    "before",
    [
        "2026-10-25T02:30:00+02:00",
        "2026-10-25T02:30:00+01:00",
        "2026-10-25T00:30:00Z",
        "2026-07-01T12:34:56.123456+02:00",
        "0001-01-01T00:00:00+01:00",
        "9999-12-31T23:59:59-01:00",
        "2026-07-01T12:34:56",
    ],
)
@pytest.mark.parametrize("zone", ["UTC", "Europe/Amsterdam", "Australia/Lord_Howe"])
def test_a_moment_that_was_not_touched_is_what_it_was(zone: str, before: str) -> None:
    """faults 4 and 11"""
    with timezone.override(zone):
        shown, offset = moments.shown(before), moments.offset_of(before) if moments.offsets(before) else ""

    assert moment(zone, at=shown, at__before=before, at__offset=offset) == (before, [])


@pytest.mark.parametrize("offset", ["+02:00", "+01:00"])
def test_the_other_of_two_moments_can_be_chosen(offset: str) -> None:
    """fault 11"""
    before = "2026-10-25T02:30:00+02:00"

    chosen = moment("Europe/Amsterdam", at="2026-10-25T02:30", at__before=before, at__offset=offset)

    assert chosen == (f"2026-10-25T02:30:00{offset}", [])


@pytest.mark.parametrize("typed", ["12-", "1_000", "٣", "--", "1e", "0x10"])
@pytest.mark.parametrize("kind", ["integer", "number"])
def test_a_half_typed_number_stays_for_the_page_to_refuse(kind: str, typed: str) -> None:
    """fault 14"""
    schema = {"properties": {"a": {"type": kind, "default": 5}}}

    assert clean_post(schema, post({"a": typed})).answers == {"a": typed}


@pytest.mark.parametrize("kind", ["integer", "number", "date-time", "date"])
def test_a_value_with_a_default_cannot_be_emptied_without_a_word(kind: str) -> None:
    """fault 14: the default would come back by itself."""
    declared = {"type": kind} if kind in {"integer", "number"} else {"type": "string", "format": kind}
    schema = {"properties": {"a": {**declared, "default": 5}}}

    cleaned = clean_post(schema, post({"a": ""}))

    assert [(fault["loc"], fault["msg"]) for fault in cleaned.faults] == [(["a"], "A value is needed here.")]


def test_a_number_that_would_be_another_one_is_told() -> None:
    schema = {"properties": {"a": {"type": "number"}}}

    (fault,) = clean_post(schema, post({"a": "12345678901234567.89"})).faults

    assert fault["msg"] == "The number 12345678901234567.89 cannot be kept exactly; give it fewer digits."
