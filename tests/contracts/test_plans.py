"""No hot call reads a whole table: each offered filter and sort, each page, a start and a step, asked by EXPLAIN.

What is left out reads by what it asks, and is listed beside it.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from itertools import chain
from typing import Any
from uuid import uuid4

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from pytest_django import Settings

from processes import actions
from processes.api.processes import LISTING as PROCESSES
from processes.lists.counts import MOST_COUNTED
from processes.models import AccessGrant, GrantEffect, Process, ProcessSubject
from processes.plugins import registry
from processes.queries.workflows import workflow_id
from processes.views.tables import ProcessTable
from products.models import Product
from subscriptions.api.views import LISTING as SUBSCRIPTIONS
from subscriptions.models import Customer, Subscription
from subscriptions.views.tables import SubscriptionTable
from tests.benchmarks import plans, seed

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]

ROWS = 40_000
BIG = {
    "subscriptions_subscription", "subscriptions_blockinstance", "subscriptions_instancerelation",
    "subscriptions_subscriptionversion", "subscriptions_uniquevalue", "processes_process", "processes_step",
    "processes_processsubject", "processes_statesnapshot",
}  # fmt: skip
AT_MOST = MOST_COUNTED * 2
"""Rows that one scan may go through: as many as are counted one by one, and those beside that a filter leaves out."""
CHANGES_WITH_EACH_STEP = {"last_step", "last_modified_at"}
"""Sorted or narrowed by these, all processes are read: an index would make each step dearer."""
OF_SUBJECTS = {
    "customer", "customer_id", "product", "product_id", "product_name", "product_description", "product_type",
    "product_tag", "tag", "subscriptions",
}  # fmt: skip
"""What a process has because of its subjects, for clients of the Workflow Orchestrator: nothing of it is kept with the
process, so that all of them are read."""
ANOTHER_ORDER = {"ended_at"}
"""Narrowed by these, what is found is sorted."""
WORDS = {"search", "description", "note", "failed_reason"}
"""Filters that look into texts; the index of words comes with the search."""

Calls = Iterator[tuple[str, Callable[[], None]]]


@pytest.fixture
def site(settings: Settings, operator: User) -> Iterator[Client]:
    """A site with many of everything, as the operator's browser sees it."""
    settings.WORKFLOW_MODULES = ["subscriptions.workflows.builtin", "tests.benchmarks.workflows"]
    registry.reload()
    seed.fill(ROWS, processes=ROWS)
    browser = Client()
    browser.force_login(operator)
    yield browser
    with connection.cursor() as cursor:  # deleted, as after other tests, each row would be looked for in other tables
        cursor.execute(f"TRUNCATE {', '.join(sorted(BIG))} CASCADE")
    registry.reload()


def test_no_hot_call_reads_a_whole_table(site: Client, operator: User) -> None:
    greedy: list[str] = []
    for name, call in chain(rest(site), pages(site), starts(operator), limited(site)):
        with plans.noted() as statements:
            call()
        greedy += [
            f"{name}: {scan.node} of {scan.rows:.0f} rows of {scan.table}: {scan.statement[:300]}"
            for scan in plans.scans(statements)
            if scan.table in BIG and scan.rows > AT_MOST
        ]

    assert greedy == [], "\n".join(greedy)


def rest(browser: Client) -> Calls:
    """Lists over REST by each filter and each sort, both ways; a tree, and what can be started."""
    one, process = an_active(), Process.objects.filter(status="failed")[0]
    filters = {
        "subscriptions": {
            "subscription_id": one.pk, "status": "active", "insync": "false", "product": one.product.name,
            "product_id": one.product_id, "product_type": one.product.product_type, "tag": one.product.tag,
            "customer": one.customer.fullname, "customer_id": one.customer_id,
            "started_after": "2026-01-01T00:00:00Z", "started_before": "2026-01-02T00:00:00Z",
            "start_date": "2026-01-01", "end_date": "2026-01-01",
        },
        "processes": {
            "process_id": process.pk, "status": "failed", "workflow": process.workflow_name, "target": process.target,
            "is_task": "true", "created_by": process.created_by, "assignee": process.assignee,
            "subscription_id": one.pk, "started_after": "2026-01-01T00:00:00Z",
            "started_before": "2026-01-02T00:00:00Z", "started_at": "2026-01-01",
            "workflow_id": workflow_id(process.workflow_name),
        },
    }  # fmt: skip
    for unit, listing in (("subscriptions", SUBSCRIPTIONS), ("processes", PROCESSES)):
        left_out = WORDS | CHANGES_WITH_EACH_STEP | (OF_SUBJECTS | ANOTHER_ORDER if unit == "processes" else set())
        assert filters[unit].keys() | left_out >= listing.filter_set.base_filters.keys()
        for name, value in filters[unit].items():
            yield f"{unit} by {name}", partial(get, browser, f"/api/{unit}/", {name: value, "range": "0,25"})
        for column in listing.sortable.keys() - (left_out - WORDS - ANOTHER_ORDER):
            for order in ("asc", "desc"):
                yield (
                    f"{unit}, {column} {order}",
                    partial(get, browser, f"/api/{unit}/", {"sort": f"{column},{order}", "limit": "25"}),
                )
    yield "two statuses", partial(get, browser, "/api/subscriptions/?status=active&status=terminated&range=0,25")
    yield "the second part", partial(get, browser, "/api/subscriptions/?status=active&range=25,50")
    yield "a tree", partial(get, browser, f"/api/subscriptions/domain-model/{one.pk}")
    yield "what can be started", partial(get, browser, f"/api/subscriptions/workflows/{one.pk}")
    yield "versions", partial(get, browser, f"/api/subscriptions/{one.pk}/versions/")
    yield "a process", partial(get, browser, f"/api/processes/{process.pk}")


def pages(browser: Client) -> Calls:
    """Every page of lists and of one thing, and the forms that start and order."""
    one, process = an_active(), Process.objects.filter(status="failed")[0]
    for path, table in (("/subscriptions/", SubscriptionTable), ("/processes/", ProcessTable)):
        yield path, partial(get, browser, path)
        for view in ("active", "transient", "terminated", "failed", "completed"):
            yield f"{path} {view}", partial(get, browser, path, {"view": view})
        for column in table.base_columns.keys() - CHANGES_WITH_EACH_STEP:
            for order in ("", "-"):
                yield (
                    f"{path} by {order}{column}",
                    partial(get, browser, path, {"sort": f"{order}{column}", "view": "all"}),
                )
    yield "tasks", partial(get, browser, "/processes/", {"is_task": "true"})
    yield "a customer", partial(get, browser, "/subscriptions/", {"customer": one.customer.fullname})
    yield "a product", partial(get, browser, "/subscriptions/", {"product": one.product_id})
    yield "the start page", partial(get, browser, "/")
    yield "a subscription", partial(get, browser, f"/subscriptions/{one.pk}/")
    yield "a process", partial(get, browser, f"/processes/{process.pk}/")
    yield (
        "a start form",
        partial(get, browser, f"/workflows/modify_note/start/{uuid4()}/1/", {"subscription_id": one.pk}),
    )
    yield (
        "an order form",
        partial(get, browser, f"/workflows/create_subscription/start/{uuid4()}/1/", {"product": one.product_id}),
    )
    yield "a choice of a subscription", partial(get, browser, f"/workflows/modify_note/start/{uuid4()}/0/")


WITHOUT_TOTALS = 5
"""So many of the addresses below tell no totals; those that do read all that somebody sees who sees nearly all."""
Rule = tuple[GrantEffect, dict[str, Any]]


def limits() -> Mapping[str, Sequence[Rule]]:
    """Grants that a few rows fit: two customers and a product, of twenty subscriptions each that are worked on."""
    about = list(ProcessSubject.objects.order_by("-pk").values_list("subject_id", flat=True)[:60])
    product = Product.objects.create(name="rare", description="rare", product_type="Rare", tag="RARE")
    for number, name in enumerate(("one", "other", "")):
        some = Subscription.objects.filter(pk__in=about[20 * number : 20 * (number + 1)])
        if name:
            some.update(customer=Customer.objects.create(shortcode=name, fullname=f"{name} Ltd"))
        else:
            some.update(product=product)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE subscriptions_subscription")
    ours, theirs = {"customer": ["one"]}, {"customer": ["other Ltd"]}
    only, deny = GrantEffect.ONLY, GrantEffect.DENY
    return {
        "a customer": [(only, ours)],
        "customers by two grants": [(only, ours), (only, theirs)],
        "a customer or a product": [(only, {"any": [ours, {"product": ["rare"]}]})],
        "a type of product": [(only, {"product_type": ["Ra*"]})],
        "customers by a beginning": [(only, {"customer": ["o*"]})],
        "nobody's": [(only, {"customer": ["nobody"]})],
        "one's own": [(only, {"own": True})],
        "a workflow": [(only, {"workflow": ["terminate_*"]})],
        "a subscription": [(only, {"subscription": [str(an_active().pk)]})],
        "all but a customer": [(deny, ours)],
    }


def limited(browser: Client) -> Calls:
    """The same lists for somebody who sees a part of them."""
    paths = ("/api/subscriptions/?range=0,25", "/api/processes/?range=0,25", "/subscriptions/", "/processes/",
             "/api/settings/worker-status", "/api/processes/status-counts", "/", "/engine/")  # fmt: skip
    for name, rules in limits().items():
        for number, (effect, where) in enumerate(rules):
            AccessGrant.objects.create(name=f"g{number}", effect=effect, actions=["view"], condition=where)
        for path in paths[:WITHOUT_TOTALS] if effect == GrantEffect.DENY else paths:
            yield f"{path} with a grant of {name}", partial(get, browser, path)
        AccessGrant.objects.all().delete()


def get(browser: Client, path: str, query: Mapping[str, object] | None = None) -> None:
    response = browser.get(path, {name: str(value) for name, value in (query or {}).items()})
    assert response.status_code == 200, f"{path} {query}: {response.status_code}"


def starts(operator: User) -> Calls:
    """What begins, and what saves."""
    yield "a start and its step", partial(start_and_step, operator)


def start_and_step(operator: User) -> None:
    pages = [{"subscription_id": str(an_active().pk)}, {"note": "noted"}]
    actions.start("modify_note", pages, by=operator)
    seed.drive()


def an_active() -> Subscription:
    """One in use, in sync, from the middle of the table."""
    return Subscription.objects.filter(status="active", insync=True).order_by("pk")[100]
