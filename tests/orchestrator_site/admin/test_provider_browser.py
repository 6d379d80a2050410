"""Trying out role rules in a real browser."""

import pytest
from django.contrib.auth.models import Group, User
from django.test import override_settings
from playwright.sync_api import expect

from orchestrator_site.models import RoleRule
from tests.browser import Visit

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_administrator_tries_a_rule_out(visit: Visit, admin_user: User) -> None:
    RoleRule.objects.create(value="/noc", gives=Group.objects.get_or_create(name="operator")[0])
    visit.sign_in("admin")
    page = visit.page
    with override_settings(OIDC_ENABLED=True, OIDC_ISSUER="https://id.example.org", OIDC_RP_CLIENT_ID="orchestrator"):
        visit.open("/admin/orchestrator_site/rolerule/")
        page.get_by_role("link", name="Try out").click()
        page.get_by_label("Claims").fill('{"groups": ["/noc/night"]}')
        page.get_by_role("button", name="Try").click()

        expect(page.get_by_text("This person would get operator.")).to_be_visible()
        expect(page.get_by_role("row").nth(1)).to_contain_text("/noc/night")
        visit.check_as_it_is()
