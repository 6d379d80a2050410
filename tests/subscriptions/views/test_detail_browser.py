"""The page of a subscription in a real browser, while a process works on it."""

import pytest
from django.contrib.auth.models import User
from playwright.sync_api import expect

from processes import actions
from subscriptions.models import Subscription
from tests.browser import WIDE, Visit
from tests.factories import subscriptions as make
from tests.subscriptions.conftest import RunReady

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("offered")]


def test_focus_and_an_open_menu_survive_what_a_process_does(visit: Visit, operator: User, run_ready: RunReady) -> None:
    page = visit.page
    page.set_viewport_size({"width": WIDE, "height": 500})
    node = make.node()
    actions.start("validate_node", [{"subscription_id": str(node.subscription_id)}], by=operator)
    visit.sign_in("operator")
    visit.open(f"/subscriptions/{node.subscription_id}/")
    with page.expect_response(lambda response: response.status == 304):
        pass

    link = page.get_by_role("region", name="Processes of this subscription").get_by_role("link")
    link.focus()
    page.evaluate("scrollTo(0, 150)")
    scrolled = page.evaluate("scrollY")
    Subscription.objects.update(note="changed meanwhile")
    expect(page.get_by_text("changed meanwhile")).to_be_attached()
    expect(link).to_be_focused()
    assert page.evaluate("scrollY") == scrolled > 0

    page.get_by_role("button", name="Actions").click()
    run_ready()
    expect(page.locator("#subscription[hx-get]")).to_have_count(0)
    expect(page.get_by_role("dialog", name="Actions")).to_be_visible()
    visit.check()
