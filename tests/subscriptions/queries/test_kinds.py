"""What conditions ask of many rows: by statements that begin with an index, at either database."""

from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.db.models import QuerySet

from processes.access.permissions import visible
from processes.models import AccessGrant, Process
from subscriptions.models import Customer, Subscription
from tests.factories import site

pytestmark = pytest.mark.django_db
SUBSCRIPTION = "7d6a2b7e-0000-4000-8000-000000000001"
RARE: list[list[dict[str, Any]]] = [
    [{"customer": ["SURF"]}],
    [{"customer": ["SURF"]}, {"customer": ["S*"], "product": ["node Cisco"]}],
    [{"any": [{"customer": ["SURF"]}, {"product": ["node Cisco"]}]}],
    [{"product_type": ["Node"]}],
    [{"subscription": [SUBSCRIPTION]}],
    [{"own": True}],
]


def limited(user: User, conditions: list[dict[str, Any]]) -> User:
    for number, condition in enumerate(conditions):
        AccessGrant.objects.create(name=f"g{number}", effect="only", actions=["view"], condition=condition)
    return User.objects.get(pk=user.pk)


def newest(rows: QuerySet[Any], order: str) -> QuerySet[Any]:
    """A part of a list."""
    return rows.order_by(order, "id")[:25]


@pytest.mark.parametrize("conditions", RARE, ids=str)
def test_list_of_somebody_limited_scans_nothing_big(operator: User, conditions: list[dict[str, Any]]) -> None:
    """On SQLite, which has no figures of its tables; `test_plans` asks PostgreSQL, of many rows."""
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL reads tables of a page whole")
    site.subscription(site.product(), "line")
    user = limited(operator, conditions)

    plans = [
        newest(visible(Process.objects.all(), user), "-started_at").explain(),
        newest(visible(Subscription.objects.all(), user), "-created_at").explain(),
    ]

    scans = [line for plan in plans for line in plan.splitlines() if "SCAN" in line]
    assert scans == []


def test_many_conditions_on_what_a_process_is_about_are_one_question(operator: User) -> None:
    for name in "ABC":
        Customer.objects.create(shortcode=name, fullname=f"{name} Ltd")
    user = limited(operator, [{"customer": [name]} for name in "ABC"])

    statement = str(visible(Process.objects.all(), user).query)

    assert statement.count('FROM "processes_processsubject"') == 1


def test_more_customers_than_are_named_one_by_one_are_asked_in_the_statement(
    operator: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("subscriptions.queries.kinds.MOST_KEYS", 1)
    subscription = site.subscription(site.product(), "line")
    Customer.objects.create(shortcode="SURF2", fullname="Surf 2")
    user = limited(operator, [{"customer": ["SURF*"]}])

    rows = visible(Subscription.objects.all(), user)

    assert "subscriptions_customer" in str(rows.query)
    assert list(rows) == [subscription]
