"""What processes are about, as far as whoever looks may see it."""

import pytest
from django.contrib.auth.models import User
from pytest_django import DjangoAssertNumQueries

from processes.access.viewer import shown_to
from processes.models import AccessGrant, Process, ProcessSubject
from processes.queries.subjects import listed, subjects_of
from subscriptions.models import Subscription
from tests.factories import processes, site

pytestmark = pytest.mark.django_db


@pytest.fixture
def process(operator: User) -> Process:
    """About two subscriptions of which the operator may see one, and about something that no grant can speak of."""
    made = processes.process()
    for name in ("seen", "unseen"):
        subscription = site.subscription(site.product(f"node {name}"), name)
        ProcessSubject.objects.create(process=made, kind="subscription", subject_id=str(subscription.pk), label=name)
    ProcessSubject.objects.create(process=made, kind="site", subject_id="ams", label="Amsterdam")
    return made


def test_everything_is_told_where_nobody_is_limited(
    process: Process, operator: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    viewer = User.objects.prefetch_related("groups").get(pk=operator.pk)
    with shown_to(lambda: viewer):
        subjects_of(process.pk)  # who looks is read once
        with django_assert_num_queries(2):
            about, (row,) = subjects_of(process.pk), listed([process.pk])

    assert [one.label for one in about] == ["seen", "unseen", "Amsterdam"]
    assert list(row.subjects) == about


def test_subject_that_is_not_seen_is_not_told(process: Process, operator: User) -> None:
    seen = Subscription.objects.get(description="seen")
    where = {"subscription": [str(seen.pk)]}
    AccessGrant.objects.create(name="g", effect="only", actions=["view"], condition=where)

    with shown_to(lambda: User.objects.get(pk=operator.pk)):
        about, (row,) = subjects_of(process.pk), listed([process.pk])

    assert [one.label for one in about] == ["seen", "Amsterdam"]
    assert list(row.subjects) == about
