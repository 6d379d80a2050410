"""The frame of the pages in a real browser: menu, theme and sign-out."""

import pytest
from django.contrib.auth.models import User
from playwright.sync_api import Browser, expect
from pytest_django.live_server_helper import LiveServer

from tests.browser import NARROW, Visit

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_menu_theme_and_sign_out(narrow: Visit, operator: User) -> None:
    page = narrow.page
    page.emulate_media(color_scheme="light")
    narrow.open("/sign-in/")
    page.get_by_label("Username").fill("operator")
    page.get_by_label("Password").fill("operator")
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Welcome")

    page.get_by_role("button", name="Menu", exact=True).click()
    expect(page.get_by_role("link", name="Start", exact=True)).to_be_visible()
    narrow.check_as_it_is()
    page.keyboard.press("Escape")
    expect(page.get_by_role("link", name="Start", exact=True)).to_be_hidden()
    page.get_by_role("button", name="Account menu").click()
    page.get_by_role("button", name="Dark").click()
    page.reload()
    assert page.evaluate("document.documentElement.dataset.bsTheme") == "dark"
    page.get_by_role("button", name="Account menu").click()
    narrow.check_as_it_is()
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()


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


def test_long_names_stay_in_the_side_bar(visit: Visit, operator: User) -> None:
    """K10."""
    User.objects.filter(pk=operator.pk).update(username="n" * 150, first_name="f" * 150)
    visit.sign_in("n" * 150)
    visit.open("/")

    side, name = (visit.page.locator(selector).bounding_box() for selector in (".side", ".side-user"))

    assert side
    assert name
    assert name["x"] + name["width"] <= side["x"] + side["width"]
    visit.check()
