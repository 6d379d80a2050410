"""The admin in a real browser; tests/e2e builds a product in it by hand."""

import pytest
from django.contrib.auth.models import User
from playwright.sync_api import Browser
from pytest_django.live_server_helper import LiveServer

from products.models import ResourceType
from tests.browser import sign_in

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_a_half_typed_number_is_told_and_not_sent(live_server: LiveServer, browser: Browser, modeller: User) -> None:
    """fault 14"""
    page = browser.new_page()
    sign_in(page.context, live_server.url, modeller)
    page.goto(f"{live_server.url}/admin/products/resourcetype/add/")
    page.fill("#id_name", "watts")
    page.select_option("#id_kind", "string")
    page.locator("#id_min_length").press_sequentially("12-")

    page.get_by_role("button", name="Save", exact=True).click()

    assert page.locator("#id_min_length-half").inner_text() == "Not complete: finish it, or empty it."
    assert not ResourceType.objects.exists()
    page.close()
