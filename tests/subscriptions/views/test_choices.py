"""What the fields that are searched suggest."""

import pytest
from django.contrib.auth.models import User
from django.test import Client

from subscriptions.models import Customer
from subscriptions.views.choices import MOST_OPTIONS
from tests.factories import subscriptions as make

pytestmark = pytest.mark.django_db
URL = "/subscriptions/customers/options/"


def suggested(client: Client, text: str) -> str:
    return client.get(URL, {"field": "customer", "customer": text}).content.decode()


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


def test_subscriptions_and_blocks_are_suggested_as_a_form_narrows_them(client: Client, viewer: User) -> None:
    node = make.node("ams-1")
    make.port(node)
    make.node("old", status="terminated")
    client.force_login(viewer)

    def suggested(kind: str, **query: str) -> str:
        return client.get(f"/subscriptions/{kind}options/", {"field": "a.b", **query}).content.decode()

    assert suggested("", tag="NODE", status="active", **{"a.b": "AMS"}) == '<option value="node ams-1">node</option>'
    assert suggested("", product_type="Port") == '<option value="port 1/1">port 10G</option>'
    assert suggested("", workflow="modify_note", status="active,initial").count("<option") == 1
    assert suggested("", **{"a.b": "nothing"}) == ""
    assert suggested("blocks/", blocks="Node,SAP", status="active") == '<option value="node ams-1">Node</option>'
    assert suggested("blocks/", blocks="Node", status="active", **{"a.b": "nothing"}) == ""


@pytest.mark.parametrize("url", [URL, "/subscriptions/options/", "/subscriptions/blocks/options/"])
def test_suggestions_are_closed_to_strangers(url: str, client: Client, stranger: User) -> None:
    client.force_login(stranger)

    answer = client.get(url)

    assert answer.status_code == 403
    assert "This requires the role viewer" in answer.content.decode()
