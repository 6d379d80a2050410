"""Filters of a table in a real browser."""

import pytest
from django.contrib.auth.models import User
from playwright.sync_api import expect

from tests.browser import Visit
from tests.factories import site

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_filters_act_at_once_and_name_only_what_is_filtered(visit: Visit, operator: User) -> None:
    for name in ("node Cisco", "node Nokia"):
        site.product(name)
    visit.sign_in("operator")
    page = visit.page
    visit.open("/products/")

    page.get_by_label("Search").fill("nokia")
    expect(page.get_by_role("link", name="node Cisco")).to_have_count(0)
    expect(page).to_have_url(f"{visit.host}/products/?search=nokia")
    visit.check()
    page.get_by_role("link", name="Clear").click()

    expect(page.get_by_role("link", name="node Cisco")).to_be_visible()
