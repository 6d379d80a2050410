"""The end of a product in the admin: a moment of the site's zone, kept to the last digit, or told."""

from datetime import datetime

import pytest
from django.test import Client
from pytest_django import Settings

from products.models import Product
from tests.factories import products as factory
from tests.products.admin.conftest import errors
from tests.products.admin.posting import as_sent

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _in_amsterdam(settings: Settings) -> None:
    settings.TIME_ZONE = "Europe/Amsterdam"


def page_of(product: Product) -> str:
    return f"/admin/products/product/{product.pk}/change/"


def untouched(client: Client, address: str) -> dict[str, object]:
    """What the form would send: a moment by its date and its time."""
    form = client.get(address).context["adminform"].form
    day, hour = form["end_date"].field.widget.decompress(form["end_date"].value())
    sent = as_sent(client, address)
    del sent["end_date"]
    return {**sent, "end_date_0": f"{day:%Y-%m-%d}", "end_date_1": f"{hour:%H:%M:%S}"}


@pytest.mark.parametrize(
    "end",
    ["2026-10-25T00:30:00+00:00", "2026-10-25T01:30:00+00:00", "2026-07-01T10:34:56.123456+00:00"],
)
def test_an_end_that_was_not_touched_is_what_it_was(modelling: Client, end: str) -> None:
    """faults 4 and 11"""
    product = factory.published(end_date=datetime.fromisoformat(end))
    address = page_of(product)

    assert modelling.post(address, untouched(modelling, address)).status_code == 302
    assert Product.objects.get().end_date == datetime.fromisoformat(end)


@pytest.mark.parametrize(
    ("day", "hour", "message"),
    [
        ("0001-01-01", "00:00:00", "It must lie between the years 1 and 9999."),
        ("9999-12-31", "23:59:59", "It must lie between the years 1 and 9999."),
        ("2026-03-29", "02:30:00", "in time zone Europe/Amsterdam; it may be ambiguous or it may not exist."),
        ("2026-10-25", "02:30:00", "in time zone Europe/Amsterdam; it may be ambiguous or it may not exist."),
        ("2026-10-25", "", "Enter a valid time."),
    ],
)
def test_an_end_that_is_none_is_told(modelling: Client, day: str, hour: str, message: str) -> None:
    """faults 4, 11 and 14"""
    address = page_of(factory.published())
    sent = {**as_sent(modelling, address), "end_date_0": day, "end_date_1": hour}

    (told,) = errors(modelling, address, sent)

    assert told.endswith(message)


def test_the_field_names_its_zone(modelling: Client) -> None:
    """fault 11"""
    html = modelling.get(page_of(factory.published())).content.decode()

    assert "Time zone: Europe/Amsterdam." in html
