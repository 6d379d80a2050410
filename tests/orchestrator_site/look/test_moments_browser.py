"""Moments and durations that a page counts on: in the words of the server."""

from datetime import UTC, datetime, timedelta

import pytest

from orchestrator_site.look import moments
from tests.browser import Visit

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
SECONDS = (0, 0.08, 0.9, 4.21, 44, 59.9, 60, 89, 185, 3_599, 3_600, 5_500, 7_800, 86_399, 86_400, 150_000, 273_600)


def test_page_counts_on_in_the_same_words(visit: Visit) -> None:
    page = visit.page
    visit.open("/sign-in/")

    spelled = page.evaluate("seconds => seconds.map(window.look.spell)", list(SECONDS))
    past = page.evaluate("seconds => seconds.map(window.look.relative)", list(SECONDS))
    future = page.evaluate("seconds => seconds.map((one) => window.look.relative(-one - 1))", list(SECONDS))

    assert spelled == [moments.spell(timedelta(seconds=one)) for one in SECONDS]
    assert past == [moments.relative(NOW - timedelta(seconds=one), now=NOW) for one in SECONDS]
    assert future == [moments.relative(NOW + timedelta(seconds=one + 1), now=NOW) for one in SECONDS]
