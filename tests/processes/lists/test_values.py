"""Values as people read them."""

from datetime import datetime
from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone

from processes.lists.values import for_people, local, moment_for_people, number_for_people


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, "nothing"),
        ("", "nothing"),
        ([], "nothing"),
        (0, "0"),
        ("up", "up"),
        (True, "Yes"),
        (False, "No"),
        (1.5, "1.5"),
        ([1, "a", True, None], "1, a, Yes, "),
        ((1, [2, 3]), "1, 2, 3"),
        ({"a": ["é", Decimal(1)]}, '{"a": ["é", "1"]}'),
    ],
)
def test_value_is_text_for_people(value: Any, text: str) -> None:
    assert for_people(value, nothing="nothing") == text


def test_labels_stand_in_place_of_values() -> None:
    assert for_people(["7", 8, "9"], labels={"7": "seven", "8": "eight"}) == "seven, eight, 9"


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2026-11-21T10:00:02Z", "21 Nov 2026 10:00:02"),
        ("2026-11-21T12:00:02.5+02:00", "21 Nov 2026 10:00:02"),
        ("2026-11-21T10:00", "21 Nov 2026 10:00:00"),
        ("2026-11-21", ""),
        ("2026-99-21T10:00", ""),
        ("node Ams-T1", ""),
    ],
)
def test_moment_is_in_the_time_of_the_site(text: str, moment: str) -> None:
    assert moment_for_people(text) == moment


@pytest.mark.parametrize("text", ["0001-01-01T00:00:00+01:00", "9999-12-31T23:59:59-01:00"])
@pytest.mark.parametrize("zone", ["UTC", "Australia/Lord_Howe", "America/Adak"])
def test_a_moment_at_the_edge_of_the_calendar_is_text(text: str, zone: str) -> None:
    """fault 4"""
    moment = datetime.fromisoformat(text)

    with timezone.override(zone):
        assert moment_for_people(text) == f"{local(moment):%-d %b %Y %H:%M:%S}"
        assert local(moment) == moment


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (0, "0"),
        (4094, "4094"),
        (123456789012, "123 456 789 012"),
        (-1234567, "-1 234 567"),
        (2**63 - 1, "9 223 372 036 854 775 807"),
        (0.5, "0.5"),
        (1e20, "100 000 000 000 000 000 000"),
        (10.0, "10"),
        (Decimal("12345.670"), "12 345.67"),
    ],
)
def test_number_is_written_with_all_its_digits(number: float | Decimal, text: str) -> None:
    """Fault 20: a maximum of 123456789012 was 1.23456789e+11."""
    assert number_for_people(number) == text
