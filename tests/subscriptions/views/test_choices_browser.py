"""The search of a customer in a real browser: suggestions come beside the field, and the list follows as before."""

import pytest
from django.contrib.auth.models import User
from playwright.sync_api import expect

from tests.browser import Visit
from tests.factories import site

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_customers_are_suggested_while_one_types(visit: Visit, viewer: User) -> None:
    site.subscription(site.product(), "a router")
    page = visit.page
    visit.sign_in("viewer")
    visit.open("/subscriptions/")

    page.get_by_label("Customer").press_sequentially("sur")

    expect(page.locator("#id_customer_options option")).to_have_count(1)
    expect(page).to_have_url(f"{visit.host}/subscriptions/?customer=sur")
    expect(page.locator("#results")).to_contain_text("a router")

    page.get_by_label("Customer").fill("nobody")

    expect(page.locator("#results")).not_to_contain_text("a router")
    expect(page.locator("#id_customer_options option")).to_have_count(0)
