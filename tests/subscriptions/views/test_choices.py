"""What the fields that are searched suggest."""

import pytest
from django.contrib.auth.models import User
from django.test import Client

from subscriptions.models import Customer
from subscriptions.views.choices import MOST_OPTIONS

pytestmark = pytest.mark.django_db
URL = "/subscriptions/customers/options/"


def suggested(client: Client, text: str) -> str:
    return client.get(URL, {"customer": text}).content.decode()


def test_customers_are_suggested_by_any_part_of_their_names(client: Client, viewer: User) -> None:
    for fullname, shortcode in (("SURF <b>", "SRF"), ("Nordunet", "NDN"), ("Energy Sciences", "ES")):
        Customer.objects.create(fullname=fullname, shortcode=shortcode)
    client.force_login(viewer)

    assert suggested(client, "ndn") == '<option value="Nordunet">NDN</option>'
    assert suggested(client, "surf") == '<option value="SURF &lt;b&gt;">SRF</option>'
    assert suggested(client, "nobody") == ""
    assert suggested(client, "").count("<option") == 3


def test_no_more_are_suggested_than_a_person_reads(client: Client, viewer: User) -> None:
    Customer.objects.bulk_create(Customer(fullname=f"c {n:03}", shortcode=f"{n}") for n in range(MOST_OPTIONS + 5))
    client.force_login(viewer)

    assert suggested(client, "c").count("<option") == MOST_OPTIONS


def test_suggestions_are_closed_to_strangers(client: Client, stranger: User) -> None:
    client.force_login(stranger)

    assert client.get(URL).status_code == 403
    assert "This requires the role viewer" in client.get(URL).content.decode()
