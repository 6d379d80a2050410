"""The revision of a subscription: one statement."""

from uuid import uuid4

import pytest
from pytest_django import DjangoAssertNumQueries

from processes.engine.values.status import ProcessStatus
from processes.models import Process, ResourceLock
from processes.store import clock
from subscriptions.queries.revision import revision
from subscriptions.queries.starting import lock_key
from tests.factories import subscriptions as make
from tests.subscriptions.conftest import process

pytestmark = pytest.mark.usefixtures("offered")


def test_revision_is_of_the_subscription_and_of_who_works_on_it(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    node = make.node()
    holder = process(node.subscription_id, ProcessStatus.RUNNING)
    before = revision(node.subscription_id)
    ResourceLock.objects.create(resource=lock_key(node.subscription_id), process=holder, acquired_at=clock.now())

    with django_assert_num_queries(1):
        locked = revision(node.subscription_id)
    Process.objects.filter(pk=holder.pk).update(last_step="Check")
    stepped = revision(node.subscription_id)
    process(make.node("ams-2").subscription_id, ProcessStatus.RUNNING)

    assert len({before, locked, stepped}) == 3
    assert revision(node.subscription_id) == stepped
    assert revision(uuid4()) == ()
