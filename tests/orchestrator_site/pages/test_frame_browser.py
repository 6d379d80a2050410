"""The look in a real browser: nothing that axe calls serious, no request elsewhere, no complaint on the console."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.contrib.auth.models import User
from playwright.sync_api import Browser, BrowserContext, Page, expect
from pytest_django.live_server_helper import LiveServer

from processes.engine.status import ProcessStatus
from tests.factories import site

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

WIDE, NARROW = 1280, 390
Scheme = Literal["light", "dark"]


@dataclass
class Visit:
    """A page that remembers what it should not have done."""

    page: Page
    host: str
    complaints: list[str] = field(default_factory=list)
    strangers: list[str] = field(default_factory=list)

    def watch(self) -> "Visit":
        self.page.on("console", lambda message: self._note(message.type, message.text))
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("request", lambda request: self._asked(request.url))
        return self

    def _note(self, kind: str, text: str) -> None:
        if kind in {"error", "warning"}:
            self.complaints.append(text)

    def _asked(self, url: str) -> None:
        parts = urlsplit(url)
        if parts.scheme in {"http", "https"} and f"{parts.scheme}://{parts.netloc}" != self.host:
            self.strangers.append(url)

    def sign_in(self, name: str) -> None:
        self.page.goto(f"{self.host}/sign-in/")
        self.page.get_by_label("Username").fill(name)
        self.page.get_by_label("Password").fill(name)
        self.page.get_by_role("button", name="Sign in").click()
        expect(self.page.get_by_role("heading", level=1)).to_contain_text("Welcome")

    def check(self) -> None:
        """Fail on anything serious that axe finds, on sideways scrolling, other hosts and console complaints."""
        found = Axe().run(self.page).response["violations"]
        serious = [(rule["id"], [node["html"] for node in rule["nodes"]]) for rule in found if _is_serious(rule)]
        assert serious == []
        assert self.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        assert self.strangers == []
        assert self.complaints == []


def _is_serious(rule: dict[str, object]) -> bool:
    return rule["impact"] in {"serious", "critical"}


@pytest.fixture(params=["light", "dark"])
def scheme(request: pytest.FixtureRequest) -> Scheme:
    chosen: Scheme = request.param
    return chosen


@pytest.fixture(params=[WIDE, NARROW])
def window(browser: Browser, scheme: Scheme, request: pytest.FixtureRequest) -> Iterator[BrowserContext]:
    made = browser.new_context(viewport={"width": request.param, "height": 844}, color_scheme=scheme)
    yield made
    made.close()


@pytest.fixture
def visit(window: BrowserContext, live_server: LiveServer) -> Visit:
    return Visit(window.new_page(), live_server.url).watch()


def test_sign_in_page(visit: Visit) -> None:
    visit.page.goto(f"{visit.host}/sign-in/")

    visit.check()


def test_start_page_of_a_newcomer(visit: Visit, operator: User) -> None:
    site.product()

    visit.sign_in("operator")

    expect(visit.page.get_by_text("Nothing has been ordered yet")).to_be_visible()
    visit.check()


def test_start_page_in_use(visit: Visit, operator: User) -> None:
    node = site.product()
    for number, insync in enumerate((True, False)):
        site.subscription(node, f"node loc{number}-core.network.example.org, long enough to be cut", insync=insync)
    for status in ProcessStatus:
        owner = "worker" if status == ProcessStatus.RUNNING else ""
        site.process(status, leased_by=owner, about="node loc1-core.network.example.org", failed_reason="503 " * 40)

    visit.sign_in("operator")

    visit.check()


def test_filters_act_at_once_and_name_only_what_is_filtered(visit: Visit, operator: User) -> None:
    for name in ("node Cisco", "node Nokia"):
        site.product(name)
    visit.sign_in("operator")
    page = visit.page
    page.goto(f"{visit.host}/products/")

    page.get_by_label("Search").fill("nokia")
    expect(page.get_by_role("link", name="node Cisco")).to_have_count(0)
    expect(page).to_have_url(f"{visit.host}/products/?search=nokia")
    visit.check()
    page.get_by_role("link", name="Clear").click()

    expect(page.get_by_role("link", name="node Cisco")).to_be_visible()


def test_menu_theme_and_sign_out(browser: Browser, live_server: LiveServer, operator: User) -> None:
    context = browser.new_context(viewport={"width": NARROW, "height": 844}, color_scheme="light")
    visit = Visit(context.new_page(), live_server.url).watch()
    visit.sign_in("operator")
    page = visit.page

    page.get_by_role("button", name="Menu", exact=True).click()
    expect(page.get_by_role("link", name="Start", exact=True)).to_be_visible()
    visit.check()
    page.keyboard.press("Escape")
    expect(page.get_by_role("link", name="Start", exact=True)).to_be_hidden()
    page.get_by_role("button", name="Account menu").click()
    page.get_by_role("button", name="Dark").click()
    page.reload()
    assert page.evaluate("document.documentElement.dataset.bsTheme") == "dark"
    page.get_by_role("button", name="Account menu").click()
    visit.check()
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    context.close()


def test_menu_without_javascript(browser: Browser, live_server: LiveServer, operator: User) -> None:
    context = browser.new_context(viewport={"width": NARROW, "height": 844}, java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{live_server.url}/sign-in/")
    page.get_by_label("Username").fill("operator")
    page.get_by_label("Password").fill("operator")
    page.get_by_role("button", name="Sign in").click()

    expect(page.get_by_role("link", name="Start", exact=True)).to_be_visible()
    page.get_by_role("button", name="Account menu").click()
    expect(page.get_by_role("button", name="Sign out")).to_be_visible()
    context.close()
