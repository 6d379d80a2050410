"""The pages of one's own account in a real browser."""

import pytest
from django.contrib.auth.models import User

from tests.browser import Visit, violations

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_account_is_accessible(visit: Visit, admin_user: User) -> None:
    visit.sign_in(admin_user.username)

    for address in ("/account/", "/account/password/"):
        visit.open(address)

        for _ in visit.looks():
            assert violations(visit.page) == []
            visit.check_manners()
