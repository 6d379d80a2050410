"""The inventory's pages in a real browser: readable in light and dark, narrow and wide, without script."""

from typing import Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser

from tests.fakes.inventory import InventoryFake, add_device

pytestmark = pytest.mark.browser


@pytest.mark.parametrize(("scheme", "width"), [("light", 1280), ("dark", 390)])
@pytest.mark.parametrize("path", ["/", "/dcim/devices/1/"])
def test_pages_are_accessible(
    inventory: InventoryFake, browser: Browser, scheme: Literal["light", "dark"], width: int, path: str
) -> None:
    add_device(inventory)
    context = browser.new_context(color_scheme=scheme, viewport={"width": width, "height": 800}, bypass_csp=True)
    page = context.new_page()

    page.goto(inventory.url + path)

    assert [rule["id"] for rule in Axe().run(page).response["violations"]] == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    context.close()
