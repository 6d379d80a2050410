"""Finding customers by what a person types."""

import pytest

from subscriptions.models import Customer
from subscriptions.queries.customers import meant_by, name_of

pytestmark = pytest.mark.django_db


def customer(fullname: str, shortcode: str) -> Customer:
    return Customer.objects.create(fullname=fullname, shortcode=shortcode)


def test_a_text_means_the_exact_one_before_those_that_are_like_it() -> None:
    one, ten, other = customer("Customer 1", "C1"), customer("Customer 10", "C10"), customer("Somebody", "SB")

    assert meant_by("customer 1") == [one.pk]
    assert meant_by(" c10 ") == [ten.pk]
    assert meant_by(str(other.pk)) == [other.pk]
    assert meant_by("customer") == [one.pk, ten.pk]
    assert meant_by("nobody") == meant_by("00000000-0000-4000-8000-000000000000") == []


def test_an_id_is_shown_as_a_name() -> None:
    one = customer("Customer 1", "C1")

    assert name_of(str(one.pk)) == "Customer 1"
    assert name_of("C1") == "C1"
    assert name_of("00000000-0000-4000-8000-000000000000") == "00000000-0000-4000-8000-000000000000"


def test_a_customer_is_meant_by_an_id_of_any_text() -> None:
    Customer.objects.create(id="0042", fullname="Example", shortcode="EX")

    assert (meant_by(" 0042 "), name_of("0042"), name_of("43")) == (["0042"], "Example", "43")
