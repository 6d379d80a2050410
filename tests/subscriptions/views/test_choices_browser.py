"""The search of a customer in a real browser: suggestions come beside the field, and the list follows as before."""

import pytest
from django.contrib.auth.models import User
from django.test import Client
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from tests.factories import site

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_customers_are_suggested_while_one_types(
    page: Page, live_server: LiveServer, client: Client, viewer: User
) -> None:
    site.subscription(site.product(), "a router")
    client.force_login(viewer)
    cookie = client.cookies["sessionid"].value
    page.context.add_cookies([{"name": "sessionid", "value": cookie, "url": live_server.url}])
    page.goto(f"{live_server.url}/subscriptions/")

    page.get_by_label("Customer").press_sequentially("sur")

    expect(page.locator("#id_customer_options option")).to_have_count(1)
    expect(page).to_have_url(f"{live_server.url}/subscriptions/?customer=sur")
    expect(page.locator("#results")).to_contain_text("a router")

    page.get_by_label("Customer").fill("nobody")

    expect(page.locator("#results")).not_to_contain_text("a router")
    expect(page.locator("#id_customer_options option")).to_have_count(0)
