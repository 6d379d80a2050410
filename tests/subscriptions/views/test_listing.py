"""The list of subscriptions as a page and as CSV."""

import csv
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from subscriptions.actions import mark_out_of_sync
from tests.answers import denied_page, error_page
from tests.factories import subscriptions as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def reader(client: Client, viewer: User) -> Client:
    client.force_login(viewer)
    return client


def shown(client: Client, query: dict[str, Any]) -> list[str]:
    table = client.get("/subscriptions/", query).context["table"]
    return [row.description for row in table.records]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({}, ["node a"]),
        ({"view": "transient"}, ["node b"]),
        ({"view": "terminated"}, ["node c"]),
        ({"view": "all", "sort": "-description"}, ["node c", "node b", "node a"]),
        ({"view": "all", "search": "node b"}, ["node b"]),
        ({"view": "all", "insync": "false"}, ["node a"]),
        ({"view": "nonsense"}, []),
        ({"view": "all", "product": "not-an-id"}, []),
        ({"view": "all", "sort": "description", "per_page": "1", "page": "2"}, ["node b"]),
        ({"view": "all", "sort": "nonsense", "per_page": "0", "page": "-3", "search": "node a"}, ["node a"]),
        ({"view": "all", "sort": "description", "per_page": "1", "page": "99"}, ["node c"]),
    ],
)
def test_list_shows_what_was_asked_for(reader: Client, query: dict[str, Any], expected: list[str]) -> None:
    node = make.node("a")
    make.node("b", status="provisioning")
    make.node("c", status="terminated")
    mark_out_of_sync(node.subscription_id)

    assert shown(reader, query) == expected


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("product=not-an-id", "“not-an-id” is not a valid UUID."),
        ("customer=nobody", "No customer matches."),
        ("view=banana", "There is no view “banana” here; known: active, transient, terminated, all."),
        ("sort=-banana", "There is no sort “-banana” here"),
    ],
)
@pytest.mark.parametrize("wanted", ["csv", "json"])
def test_a_file_of_what_nobody_asked_for_is_refused(reader: Client, query: str, message: str, wanted: str) -> None:
    """fault 30"""
    make.node("a")

    answer = reader.get(f"/subscriptions/?{query}&format={wanted}")

    assert (answer.status_code, answer["Content-Type"]) == (400, "text/html; charset=utf-8")
    assert message in answer.content.decode()


def test_a_file_in_no_known_format_is_refused(reader: Client) -> None:
    """fault 30"""
    answer = reader.get("/subscriptions/?format=xml")

    assert (answer.status_code, "There is no format “xml” here; known: csv, json." in answer.content.decode()) == (
        400,
        True,
    )


def test_list_is_narrowed_by_product_and_customer(reader: Client) -> None:
    node = make.node("a")
    make.port(node)

    assert shown(reader, {"product": str(node.product.product_id)}) == ["node a"]
    for customer in (str(node.customer_id), "Example", "ex", "xampl"):
        assert len(shown(reader, {"customer": customer})) == 2


def test_a_customer_is_searched_and_shown_by_name(reader: Client) -> None:
    node = make.node("a")

    page = reader.get("/subscriptions/", {"customer": str(node.customer_id)}).content.decode()

    assert 'name="customer" value="Example"' in page
    assert 'hx-get="/subscriptions/customers/options/?field=customer"' in page
    assert '<datalist id="id_customer_options"></datalist>' in page


def test_a_customer_that_nobody_is_called_is_told(reader: Client) -> None:
    make.node("a")

    page = reader.get("/subscriptions/", {"customer": "nobody"}).content.decode()

    assert "No customer matches." in page
    assert "node a" not in page


@pytest.mark.parametrize("count", [1, 3])
def test_list_takes_the_same_queries(
    reader: Client, count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(count):
        make.node(f"n{number}")
    reader.get("/subscriptions/")

    with django_assert_num_queries(6):  # session, user; menu; products; which rows, and what they are
        reader.get("/subscriptions/")


def test_csv_has_everything_that_was_filtered(reader: Client) -> None:
    for name in ("a", "b", "c"):
        make.node(name)

    answer = reader.get("/subscriptions/", {"search": "node", "per_page": "1", "sort": "description", "format": "csv"})

    text = b"".join(answer.streaming_content).decode()  # type: ignore[attr-defined]
    rows = list(csv.reader(text.splitlines()))
    assert rows[0] == ["Description", "Status", "In sync", "Product", "Customer", "Started", "Ended", "Note"]
    assert [row[0] for row in rows[1:]] == ["node a", "node b", "node c"]
    assert rows[1] == ["node a", "active", "true", "node", "Example", "2026-05-06T07:08:09+00:00", "", ""]


@pytest.mark.parametrize("wanted", ["csv", "json"])
def test_a_file_of_a_filter_that_does_not_hold_is_refused_with_its_message(reader: Client, wanted: str) -> None:
    make.node("a")

    answer = reader.get("/subscriptions/", {"product": "not-an-id", "format": wanted})

    assert answer.status_code == 400
    assert "“not-an-id” is not a valid UUID." in answer.content.decode()


def test_list_is_closed_to_strangers(client: Client, stranger: User) -> None:
    client.force_login(stranger)

    assert error_page(client.get("/subscriptions/")) == denied_page()
