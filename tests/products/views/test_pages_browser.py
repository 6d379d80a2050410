"""The pages of products in a real browser, light and dark, wide and narrow."""

from typing import Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.contrib.auth.models import User
from playwright.sync_api import Browser
from pytest_django.live_server_helper import LiveServer

from tests.browser import sign_in
from tests.factories import products as factory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize(("scheme", "width"), [("light", 1280), ("dark", 390)])
def test_pages_are_accessible(
    live_server: LiveServer, browser: Browser, operator: User, scheme: Literal["light", "dark"], width: int
) -> None:
    port = factory.block("Port", port_name="string", speed="integer")
    factory.block_field(port, "node", factory.block("Node", node_name="string"), owned=False)
    product = factory.published()
    context = browser.new_context(color_scheme=scheme, viewport={"width": width, "height": 800}, bypass_csp=True)
    page = context.new_page()
    sign_in(page, live_server, operator)

    for address in ("/products/", f"/products/{product.pk}/"):
        page.goto(live_server.url + address)

        assert [rule["id"] for rule in Axe().run(page).response["violations"]] == []
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    context.close()
