"""The inventory's pages in a real browser: readable in light and dark, narrow and wide."""

import pytest
from playwright.sync_api import Browser

from tests.browser import HEIGHT, WIDE, Visit, violations
from tests.fakes.inventory import InventoryFake, add_device

pytestmark = pytest.mark.browser


def test_pages_are_accessible(inventory: InventoryFake, browser: Browser) -> None:
    add_device(inventory)
    context = browser.new_context(viewport={"width": WIDE, "height": HEIGHT}, bypass_csp=True)
    visit = Visit(context.new_page(), inventory.url)

    for path in ("/", "/dcim/devices/1/"):
        visit.open(path)

        for _ in visit.looks():
            assert violations(visit.page) == []
            assert visit.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    context.close()
