"""The start page in a real browser."""

import pytest
from django.contrib.auth.models import User
from playwright.sync_api import expect

from processes.engine.values.status import ProcessStatus
from tests.browser import Visit
from tests.factories import site

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_start_page_of_a_newcomer(visit: Visit, operator: User) -> None:
    site.product()

    visit.sign_in("operator")
    visit.open("/")

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
    visit.open("/")

    visit.check()
