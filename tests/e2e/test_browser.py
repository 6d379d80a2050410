"""An operator orders a node and a port in a real browser, watches the steps, and finds two active subscriptions."""

import re
from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import ConsoleMessage, Page, Request, expect

from tests.e2e.demo import ROOT, Demo
from tests.e2e.test_rest import bootstrapped

pytestmark = [pytest.mark.demo, pytest.mark.browser]
SCREENSHOTS = ROOT / ".screenshots"
DELIVERY_MS = 30_000


@pytest.fixture
def operator_page(demo: Demo, page: Page) -> Iterator[Page]:
    """Signed in as operator; nothing may be loaded from elsewhere or be complained about in the console."""
    with demo.rest() as client:
        bootstrapped(client)
    foreign: list[str] = []
    complaints: list[str] = []

    def note_request(request: Request) -> None:
        if not request.url.startswith((demo.address, "data:", "blob:")):
            foreign.append(request.url)

    def note_console(message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"}:
            complaints.append(message.text)

    page.on("request", note_request)
    page.on("console", note_console)
    page.set_viewport_size({"width": 1280, "height": 900})
    sign_in(page, demo, "operator")
    yield page
    assert foreign == []
    assert complaints == []


def sign_in(page: Page, demo: Demo, name: str) -> None:
    page.goto(f"{demo.address}/sign-in/")
    page.get_by_label("Username").fill(name)
    page.get_by_label("Password").fill(name)
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_be_visible()


def order(page: Page, product: str, **answers: str) -> None:
    """From any page: choose the product, answer each page, send; ends on the finished process."""
    page.get_by_role("link", name="New subscription").first.click()
    page.get_by_role("link", name=f"Order {product}").click()
    while "/workflows/" in page.url:
        page.wait_for_load_state()
        _fill(page, answers)
        where = page.url
        page.locator("main form button[type=submit].btn-primary").click()
        expect(page).not_to_have_url(where)
        page.wait_for_load_state()
    expect(page.get_by_text("Completed", exact=True).first).to_be_visible(timeout=DELIVERY_MS)


def _fill(page: Page, answers: dict[str, str]) -> None:
    """Answer what is wished for by field name, choices by their label; of choices still open take the first."""
    for name, value in answers.items():
        field = page.locator(f"main [name={name}]")
        match field.first.evaluate("field => field.type") if field.count() else "":
            case "radio":
                page.locator("main").get_by_label(value, exact=True).check()
            case "select-one":
                field.select_option(label=value)
            case "text" | "number" | "textarea":
                field.fill(value)
    open_groups = page.locator("main fieldset:has(input[type=radio]):not(:has(:checked))")
    while open_groups.count():
        open_groups.first.locator("input[type=radio]").first.check()
    for choice in page.locator("main select").all():
        if choice.input_value() == "":
            choice.select_option(index=1)


def check_page(page: Page, name: str) -> None:
    """Keep a picture, and let axe find nothing serious, wide and narrow."""
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    for width in (390, 1280):
        page.set_viewport_size({"width": width, "height": 900})
        page.screenshot(path=SCREENSHOTS / f"{name}-{width}.png", full_page=True)
        overflow = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert overflow <= 0, f"{name} scrolls sideways at {width} pixels"
    serious = [found for found in Axe().run(page).response["violations"] if found["impact"] in {"serious", "critical"}]
    assert serious == []


def test_operator_orders_a_node_and_a_port_and_sees_them_delivered(operator_page: Page) -> None:
    page = operator_page

    order(page, "node Nokia", node_name="ams-browser-1")

    expect(page.locator("main")).to_contain_text("Create node in inventory")
    assert page.locator("#live").get_attribute("hx-trigger") is None, "a finished process goes on asking"
    check_page(page, "process")

    page.locator("main").get_by_role("link", name=re.compile("ams-browser-1")).first.click()
    expect(page.locator("main")).to_contain_text("Active")
    expect(page.locator("main")).to_contain_text("ams-browser-1")
    check_page(page, "subscription")

    order(page, "port 10G", node_subscription_id="node ams-browser-1 (active)", port_description="to the lab")

    page.get_by_role("navigation", name="Main").get_by_role("link", name="Subscriptions").click()
    rows = page.locator("main table tbody tr")
    expect(rows.filter(has_text="ams-browser-1")).to_have_count(2)
    for row in rows.filter(has_text="ams-browser-1").all():
        expect(row).to_contain_text("Active")
    check_page(page, "subscriptions")


def test_order_works_without_javascript(demo: Demo, operator_page: Page) -> None:
    context = operator_page.context.browser.new_context(java_script_enabled=False)  # type: ignore[union-attr]
    page = context.new_page()
    sign_in(page, demo, "operator")
    page.goto(f"{demo.address}/order/")
    page.get_by_role("link", name="Order node Cisco").click()
    while "/workflows/" in page.url:
        _fill(page, {"node_name": "ams-plain-1"})
        page.locator("main form button[type=submit].btn-primary").click()

    assert re.search(r"/processes/[0-9a-f-]{36}/$", page.url)
    context.close()


def test_viewer_sees_no_way_to_order(demo: Demo, page: Page) -> None:
    sign_in(page, demo, "viewer")

    expect(page.get_by_role("link", name="New subscription")).to_have_count(0)
    assert page.goto(f"{demo.address}/order/").status == 403  # type: ignore[union-attr]
