"""Each hot call has an index for whatever it reads of the tables that grow.

PostgreSQL reads small tables from end to end whatever there is, so it may not here: what it reads so all the same, no
index serves. How much is read at a million subscriptions is told by `./run bench scale`.
"""

from collections.abc import Iterator

import pytest
from django.contrib.auth.models import Group, User
from django.db import connection
from pytest_django import Settings

from tests.benchmarks import hot, plans, seed
from tests.benchmarks.accounts import NAME
from tests.benchmarks.internals import registry

pytestmark = [pytest.mark.postgres, pytest.mark.django_db]
GROWING = {
    "processes_process",
    "processes_processsubject",
    "processes_step",
    "subscriptions_blockinstance",
    "subscriptions_instancerelation",
    "subscriptions_subscription",
    "subscriptions_subscriptionversion",
    "subscriptions_uniquevalue",
}


@pytest.fixture
def _inventory(settings: Settings) -> Iterator[None]:
    settings.WORKFLOW_MODULES = ["subscriptions.workflows.builtin", "tests.benchmarks.workflows"]
    registry.reload()
    seed.fill(1_000, processes=200)
    User.objects.create_user(NAME).groups.add(Group.objects.get_or_create(name="operator")[0])
    yield
    registry.reload()


@pytest.mark.usefixtures("_inventory")
def test_no_hot_call_lacks_an_index() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")

    lacking = {}
    for name, call in hot.calls().items():
        with plans.noted() as statements:
            call()
        whole = [scan for scan in plans.scans(statements) if scan.node.endswith("Seq Scan") and scan.table in GROWING]
        lacking.update({name: whole} if whole else {})

    assert lacking == {}
