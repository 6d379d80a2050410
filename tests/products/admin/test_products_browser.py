"""The admin in a real browser: a modeller builds a product by hand."""

import pytest
from django.contrib.auth.models import User
from playwright.sync_api import Browser, Page
from pytest_django.live_server_helper import LiveServer

from products import queries
from products.models import ResourceType
from tests.browser import sign_in

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def save(page: Page) -> None:
    page.get_by_role("button", name="Save", exact=True).click()
    page.wait_for_load_state()


def test_a_modeller_builds_a_product(live_server: LiveServer, browser: Browser, modeller: User) -> None:
    page = browser.new_page()
    sign_in(page.context, live_server.url, modeller)
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


def test_a_half_typed_number_is_told_and_not_sent(live_server: LiveServer, browser: Browser, modeller: User) -> None:
    """fault 14"""
    page = browser.new_page()
    sign_in(page.context, live_server.url, modeller)
    page.goto(f"{live_server.url}/admin/products/resourcetype/add/")
    page.fill("#id_name", "watts")
    page.select_option("#id_kind", "integer")
    page.locator("#id_minimum").press_sequentially("12-")

    page.get_by_role("button", name="Save", exact=True).click()

    assert page.locator("#id_minimum-half").inner_text() == "Not complete: finish it, or empty it."
    assert not ResourceType.objects.exists()
    page.close()
