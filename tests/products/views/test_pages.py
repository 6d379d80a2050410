"""The product pages: who sees what, and the model in words."""

import csv
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings

from products.actions import publish_all
from products.models import BlockField
from tests.answers import NO_SUCH_PAGE, denied_page, error_page
from tests.factories import products as factory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _plain_site(settings: Settings) -> None:
    settings.CATALOGUE_CHANGE_HOOKS = []


def signed_in(client: Client, user: User) -> Client:
    client.force_login(user)
    return client


def test_list_asks_the_same_of_the_database(client: Client, viewer: User) -> None:
    signed_in(client, viewer).get("/products/")
    asked, cells = [], []

    for names in (["port 0"], ["port 1", "port 2"]):
        for name in names:
            factory.product(name)
        with CaptureQueriesContext(connection) as queries:
            page = client.get("/products/").content.decode()
        asked.append(len(queries))
        cells.append(page.count("<td"))

    assert asked[0] == asked[1]
    assert cells == [8, 24]


def test_list_filters(client: Client, viewer: User) -> None:
    factory.product()
    factory.product("router", tag="NODE")

    page = signed_in(client, viewer).get("/products/", {"tag": "NODE"}).content.decode()

    assert "router" in page
    assert "port 10G" not in page


def test_list_that_cannot_be_filtered_is_empty_and_says_why(client: Client, viewer: User) -> None:
    factory.product()

    page = signed_in(client, viewer).get("/products/", {"status": "gone"}).content.decode()

    assert "Select a valid choice. gone is not one of the available choices." in page
    assert "port 10G" not in page


@pytest.mark.parametrize("sort", ["", "tag", "-status"])
def test_products_that_are_equal_keep_their_places(client: Client, viewer: User, sort: str) -> None:
    for number in range(4):
        factory.product(f"port {number}")
    signed_in(client, viewer)

    shown = [
        client.get("/products/", {"sort": sort, "per_page": "1", "page": str(page)})
        .context["table"]
        .page.object_list[0]
        for page in range(1, 5)
    ]

    assert len({row.pk for row in shown}) == 4


def test_csv_has_every_product_that_was_filtered(client: Client, viewer: User) -> None:
    made = factory.published()
    factory.product("router", tag="NODE")

    answer: Any = signed_in(client, viewer).get("/products/", {"tag": "PORT", "per_page": "1", "format": "csv"})

    rows = list(csv.reader(b"".join(answer.streaming_content).decode().splitlines()))
    assert rows == [
        ["Name", "Type", "Tag", "Status", "Fixed inputs", "Blocks", "Description", "Created"],
        ["port 10G", "Port", "PORT", "active", "speed 10000", "Port", "A port 10G.", made.created_at.isoformat()],
    ]


def test_detail(client: Client, viewer: User) -> None:
    port = factory.block("Port", port_name="string")
    factory.block_field(port, "node", factory.block("Node", node_name="string"), owned=False)
    product = factory.published()

    page = signed_in(client, viewer).get(f"/products/{product.pk}/").content.decode()

    for words in ("port: Port", "port.node: Node, a reference to another subscription", "version 1", "10000"):
        assert words in page
    assert "Edit in admin" not in page


def test_detail_says_what_fields_allow(client: Client, viewer: User) -> None:
    product = factory.product()
    status = factory.resource_type("status_word", "enum", choices=["up", "down"])
    BlockField.objects.create(
        block=product.roots.get().block,
        name="state",
        resource_type=status,
        required_from="active",
        default="down",
        modifiable=False,
    )
    publish_all("modeller")

    page = signed_in(client, viewer).get(f"/products/{product.pk}/").content.decode()

    for words in ("one of up, down", "from active", "fixed once set"):
        assert words in page


def test_detail_before_publishing(client: Client, viewer: User) -> None:
    product = factory.product()

    page = signed_in(client, viewer).get(f"/products/{product.pk}/").content.decode()

    assert "not published yet" in page


def test_modellers_may_edit(client: Client, modeller: User) -> None:
    product = factory.published()

    assert "Edit in admin" in signed_in(client, modeller).get(f"/products/{product.pk}/").content.decode()


def test_strangers_see_nothing(client: Client, stranger: User) -> None:
    product = factory.product()
    signed_in(client, stranger)

    assert error_page(client.get("/products/")) == denied_page()
    assert error_page(client.get(f"/products/{product.pk}/")) == denied_page()


def test_unknown_product(client: Client, viewer: User) -> None:
    assert error_page(signed_in(client, viewer).get(f"/products/{factory.UNKNOWN}/")) == NO_SUCH_PAGE
