"""The catalogue in a real browser: a modeller builds a product by hand, and the pages are accessible."""

from collections.abc import Iterator
from typing import Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.contrib.auth.models import User
from playwright.sync_api import Browser, Page
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from processes.plugins import registry
from products import queries
from tests.factories import products as factory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def _site_with_workflows(settings: Settings) -> Iterator[None]:
    settings.CATALOGUE_CHANGE_HOOKS = []
    settings.CATALOGUE_IMPACT = ""
    settings.WORKFLOW_MODULES = ["tests.products.workflows"]
    registry.reload()
    yield
    registry.reload()


def sign_in(page: Page, server: LiveServer, user: User) -> None:
    page.goto(f"{server.url}/sign-in/")
    page.fill("input[name=username]", user.username)
    page.fill("input[name=password]", user.username)
    page.press("input[name=password]", "Enter")
    page.wait_for_url(f"{server.url}/")


def save(page: Page) -> None:
    page.get_by_role("button", name="Save", exact=True).click()
    page.wait_for_load_state()


def test_a_modeller_builds_a_product(live_server: LiveServer, browser: Browser, modeller: User) -> None:
    page = browser.new_page()
    sign_in(page, live_server, modeller)
    for name, kind in (("lamp_name", "string"), ("watts", "integer")):
        page.goto(f"{live_server.url}/admin/products/resourcetype/add/")
        page.fill("#id_name", name)
        page.select_option("#id_kind", kind)
        save(page)

    page.goto(f"{live_server.url}/admin/products/productblock/add/")
    page.fill("#id_name", "Lamp")
    for place, name in enumerate(("lamp_name", "watts")):
        page.get_by_text("Add another Field").click()
        page.fill(f"#id_fields-{place}-name", name)
        page.select_option(f"#id_fields-{place}-resource_type", label=name)
    save(page)
    page.goto(f"{live_server.url}/admin/products/product/add/")
    page.fill("#id_name", "street lamp")
    page.fill("#id_description", "Light for a street.")
    page.fill("#id_product_type", "Lamp")
    page.fill("#id_tag", "LAMP")
    page.fill("#id_roots-0-name", "lamp")
    page.select_option("#id_roots-0-block", label="Lamp")
    save(page)

    assert "Published street lamp, version 1." in page.inner_text("body")
    product = queries.orderable().get()
    schema = queries.current_schema(product.pk)
    assert [field.name for field in schema.blocks["Lamp"].fields] == ["lamp_name", "watts"]
    assert queries.offers(product.pk) == {"create": ["create_subscription"], "terminate": ["terminate_subscription"]}
    page.close()


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
