"""The page to sign in on, in a real browser."""

import pytest

from tests.browser import Visit

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_sign_in_page(visit: Visit) -> None:
    visit.open("/sign-in/")

    visit.check()
