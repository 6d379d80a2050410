"""No form limits how much can be typed or pasted."""

import pytest
from django.contrib.auth.models import User
from django.test import Client

from tests.factories import products, subscriptions

pytestmark = pytest.mark.django_db


def test_no_page_has_a_field_that_cuts(client: Client, admin_user: User) -> None:
    """fault 13"""
    client.force_login(admin_user)
    product, customer = products.published(), subscriptions.customer()
    addresses = (
        "/processes/", "/subscriptions/", f"/admin/products/product/{product.pk}/change/",
        f"/admin/subscriptions/customer/{customer.pk}/change/", "/admin/products/resourcetype/add/",
    )  # fmt: skip

    pages = {address: client.get(address).content.decode() for address in addresses}

    assert [address for address, html in pages.items() if "maxlength" in html] == []
    assert all("<input" in html for html in pages.values())
