"""Searches know the case of every letter, on each database."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from processes.store.folding import fold
from subscriptions.models import Customer

pytestmark = pytest.mark.django_db

NAME = "Zürich 50 % Ærø_1"


@pytest.mark.parametrize(
    ("look_up", "text"),
    [
        ("icontains", "ZÜRICH"),
        ("icontains", "zürich"),
        ("icontains", "ÆRØ"),
        ("icontains", "% ær"),
        ("icontains", "ærø_1"),
        ("iexact", "ZÜRICH 50 % ÆRØ_1"),
        ("istartswith", "ZÜ"),
        ("iendswith", "ÆRØ_1"),
        ("icontains", "RICH"),
    ],
)
def test_letters_are_found_in_either_case(look_up: str, text: str) -> None:
    """fault 22"""
    Customer.objects.create(fullname=NAME, shortcode="Z")

    assert [row.fullname for row in Customer.objects.filter(**{f"fullname__{look_up}": text})] == [NAME]


@pytest.mark.parametrize(("look_up", "text"), [("icontains", "Ü%C"), ("iexact", "ZÜRICH"), ("icontains", "ær_")])
def test_marks_of_patterns_are_letters(look_up: str, text: str) -> None:
    Customer.objects.create(fullname=NAME, shortcode="Z")

    assert not Customer.objects.filter(**{f"fullname__{look_up}": text}).exists()


def test_a_search_for_ascii_asks_no_function_of_ours() -> None:
    with CaptureQueriesContext(connection) as asked:
        list(Customer.objects.filter(fullname__icontains="zurich"))

    assert "FOLD" not in asked.captured_queries[0]["sql"]


def test_null_stays_null() -> None:
    assert (fold(None), fold("ÜBER")) == (None, "über")
