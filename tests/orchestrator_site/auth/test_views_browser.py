"""The page to sign in on, in a real browser, and what stands above the pages of an emergency account."""

import pytest
from django.contrib.auth.models import User
from django.test import override_settings
from playwright.sync_api import expect

from tests.browser import Visit

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PROVIDER = {"OIDC_ENABLED": True, "OIDC_ISSUER": "https://id.example.org", "OIDC_RP_CLIENT_ID": "orchestrator"}
SEALED = {**PROVIDER, "LOCAL_SIGN_IN": False, "BREAK_GLASS_USERS": ["admin"]}


def test_sign_in_page(visit: Visit) -> None:
    visit.open("/sign-in/")

    visit.check()


@override_settings(**PROVIDER)
def test_sign_in_page_after_a_session_has_ended(narrow: Visit) -> None:
    narrow.open("/sign-in/?next=/order/&ended=")

    expect(narrow.page.get_by_role("status")).to_contain_text("Your session at the identity provider has ended.")
    narrow.check()


@override_settings(**SEALED)
def test_emergency_sign_in(narrow: Visit, admin_user: User) -> None:
    page = narrow.page
    narrow.open("/sign-in/?next=/processes/")
    narrow.check_as_it_is()
    page.get_by_role("link", name="Emergency sign-in with a local account").click()
    page.get_by_label("Username").fill("admin")
    page.get_by_label("Password").fill("admin")
    page.get_by_role("button", name="Sign in").click()

    expect(page.get_by_text("You are signed in with an emergency account.")).to_be_visible()
    expect(page).to_have_url(f"{narrow.host}/processes/")
    narrow.check()
