"""Everything of a list as CSV and JSON, piece by piece."""

import csv
import json
from collections.abc import Sequence
from typing import Any

import django_tables2
import pytest
from django.db import connection
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext

from processes.lists.exports import CHUNK, asked_format, export_response
from processes.lists.tables import ListTable
from subscriptions.models import Customer

pytestmark = pytest.mark.django_db


class Customers(ListTable):
    """A table of two columns, one of them written in another way in a file."""

    name = django_tables2.Column(verbose_name="Full name")
    shortcode = django_tables2.Column()

    sorts = {"name": "fullname"}

    def listed(self, keys: Sequence[Any]) -> list[Customer]:
        rows = Customer.objects.in_bulk(keys)
        return [rows[one] for one in keys]

    def export_name(self, row: Customer) -> str:
        return row.fullname


def customers(*names: str) -> None:
    Customer.objects.bulk_create(Customer(fullname=name, shortcode=name[-20:]) for name in names)


def pieces(wanted: str, sort: str = "name") -> list[bytes]:
    table = Customers(Customer.objects.all())
    table.sort(RequestFactory().get(f"/?sort={sort}"))
    return list(export_response(table, wanted, "customers"))


def test_csv_has_headings_and_rows_in_order_and_no_formula() -> None:
    customers("b", "=1+1", "a, b")

    rows = list(csv.reader(b"".join(pieces("csv", "-name")).decode().splitlines()))

    assert rows == [["Full name", "Shortcode"], ["b", "b"], ["a, b", "a, b"], ["'=1+1", "'=1+1"]]


def test_json_is_an_array_of_objects_by_column() -> None:
    customers("b", "a")

    assert json.loads(b"".join(pieces("json"))) == [
        {"name": "a", "shortcode": "a"},
        {"name": "b", "shortcode": "b"},
    ]


@pytest.mark.parametrize(("wanted", "empty"), [("csv", b"Full name,Shortcode\r\n"), ("json", b"[]")])
def test_nothing_is_a_file_too(wanted: str, empty: bytes) -> None:
    assert b"".join(pieces(wanted)) == empty


@pytest.mark.parametrize("wanted", ["csv", "json"])
def test_many_rows_come_in_pieces_each_by_one_query(wanted: str) -> None:
    customers(*(f"name {number:05}" for number in range(2 * CHUNK + 1)))

    with CaptureQueriesContext(connection) as captured:
        sent = pieces(wanted)

    assert len(captured) == 4  # the keys, and the rows of three pieces
    assert len(sent) == 4  # the headings or the end, and three pieces
    text = b"".join(sent).decode()
    names = [one["name"] for one in json.loads(text)] if wanted == "json" else text.splitlines()[1:]
    assert [name[:10] for name in names] == [f"name {number:05}" for number in range(2 * CHUNK + 1)]


@pytest.mark.parametrize(
    ("query", "wanted"), [("", ""), ("format=xml", ""), ("format=csv", "csv"), ("format=json", "json")]
)
def test_a_file_is_made_when_its_format_is_asked(query: str, wanted: str) -> None:
    assert asked_format(RequestFactory().get(f"/?{query}")) == wanted
