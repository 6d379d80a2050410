"""A modeller builds a product in the admin alone, and an operator orders it with the generic create."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.demo import Demo
from tests.e2e.test_browser import order, sign_in

pytestmark = [pytest.mark.demo, pytest.mark.browser]


def save(page: Page) -> None:
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("successfully").or_(page.get_by_text("Published")).first).to_be_visible()


def model_a_lamp(page: Page, site: str) -> None:
    for name, kind in (("lamp_name", "string"), ("watts", "integer")):
        page.goto(f"{site}/admin/products/resourcetype/add/")
        page.fill("#id_name", name)
        page.select_option("#id_kind", kind)
        save(page)
    page.goto(f"{site}/admin/products/productblock/add/")
    page.fill("#id_name", "Lamp")
    for place, name in enumerate(("lamp_name", "watts")):
        page.get_by_text("Add another Field").click()
        page.fill(f"#id_fields-{place}-name", name)
        page.select_option(f"#id_fields-{place}-resource_type", label=name)
    save(page)
    page.goto(f"{site}/admin/products/product/add/")
    page.fill("#id_name", "street lamp")
    page.fill("#id_description", "Light for a street.")
    page.fill("#id_product_type", "Lamp")
    page.fill("#id_tag", "LAMP")
    page.fill("#id_roots-0-name", "lamp")
    page.select_option("#id_roots-0-block", label="Lamp")
    save(page)
    expect(page.locator("body")).to_contain_text("Published street lamp, version 1.")


def test_product_built_in_the_admin_is_ordered_and_ended(demo: Demo, page: Page) -> None:
    page.set_viewport_size({"width": 1280, "height": 900})
    sign_in(page, demo, "modeller")
    model_a_lamp(page, demo.address)

    page.context.clear_cookies()
    sign_in(page, demo, "operator")
    order(page, "street lamp", lamp_name="lamp-1", watts="40")

    page.locator("main").get_by_role("link", name=re.compile("lamp")).first.click()
    expect(page.locator("main")).to_contain_text("lamp-1")
    expect(page.locator("main")).to_contain_text("Active")
    with demo.rest() as client:
        (lamp,) = client.get("subscriptions/", params={"product": "street lamp"}).json()
        tree = client.get(f"subscriptions/domain-model/{lamp['subscription_id']}").json()
        offered = client.get(f"subscriptions/workflows/{lamp['subscription_id']}").json()
    assert (lamp["status"], lamp["insync"]) == ("active", True)
    assert [one["name"] for one in offered["terminate"]] == ["terminate_subscription"]
    assert (tree["lamp"]["lamp_name"], tree["lamp"]["watts"]) == ("lamp-1", 40)
