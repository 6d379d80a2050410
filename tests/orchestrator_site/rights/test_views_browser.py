"""The pages of rights in a real browser."""

import pytest
from django.contrib.auth.models import User

from processes.plugins import registry
from tests.browser import Visit, violations

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_pages_of_rights_are_accessible(visit: Visit, admin_user: User) -> None:
    visit.sign_in(admin_user.username)
    workflow = sorted(registry.all_workflows())[0]

    for address in ("/rights/", f"/rights/workflows/{workflow}/", f"/rights/people/{admin_user.pk}/"):
        visit.open(address)

        for _ in visit.looks():
            assert violations(visit.page) == []
            visit.check_manners()
