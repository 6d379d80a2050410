"""Parts of lists by key: the same rows in the same order, whichever way they are found."""

from datetime import timedelta
from itertools import product

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from processes.lists.counts import Counting, Total
from processes.lists.paging import DEEP, Order, Part, beginning, part
from subscriptions.models import Customer, Subscription
from tests.factories import site

pytestmark = pytest.mark.django_db
BY_NAME = Order((("fullname", False),), ("pk",))
NEWEST = ("-created_at", "id")


@pytest.fixture
def customers(db: None) -> list[Customer]:
    """Some more than are read from the beginning, by name."""
    made = [Customer(fullname=f"name {number:05}", shortcode=f"{number:05}") for number in range(DEEP + 200)]
    return Customer.objects.bulk_create(made)


@pytest.fixture
def subscriptions(db: None) -> None:
    """Two of each product and customer, each later than the one before."""
    products = [site.product(name) for name in ("b", "a", "c")]
    clients = [Customer.objects.create(fullname=name, shortcode=name) for name in ("y", "x", "z")]
    for number, (of, client) in enumerate([*product(products, clients)] * 2):
        made = site.subscription(of, f"{number}")
        made.customer, made.created_at = client, site.AT + timedelta(minutes=number)
        made.save()


@pytest.mark.parametrize("start", [0, 600, DEEP - 1, DEEP, DEEP + 190, DEEP + 200, DEEP + 300])
def test_every_part_is_cut_from_the_same_list(start: int, customers: list[Customer]) -> None:
    found = part(Customer.objects.all(), BY_NAME, start=start, size=25, counting=Counting.EXACT)

    rest = [one.pk for one in customers[start:]]
    assert found == Part(rest[:25], has_more=len(rest) > 25, total=Total(len(customers)))


def test_a_deep_part_is_read_from_the_nearer_end(customers: list[Customer]) -> None:
    with CaptureQueriesContext(connection) as captured:
        part(Customer.objects.all(), BY_NAME, start=DEEP + 190, size=25, counting=Counting.EXACT)

    assert "OFFSET" not in captured.captured_queries[-1]["sql"]
    assert "DESC" in captured.captured_queries[-1]["sql"]


@pytest.mark.parametrize(("size", "statements"), [(3, 1), (2, 2)], ids=["the end is seen", "the end is not seen"])
def test_a_part_that_reaches_the_end_needs_no_count(size: int, statements: int) -> None:
    for name in "abc":
        Customer.objects.create(fullname=name, shortcode=name)

    with CaptureQueriesContext(connection) as captured:
        found = part(Customer.objects.all(), BY_NAME, start=0, size=size, counting=Counting.EXACT)

    assert (found.total, len(captured)) == (Total(3), statements)


def test_nothing_is_counted_unless_asked(customers: list[Customer]) -> None:
    assert part(Customer.objects.all(), BY_NAME, start=0, size=1) == Part([customers[0].pk], has_more=True)


@pytest.mark.parametrize("column", ["product__name", "product__product_type", "customer__fullname", "status"])
@pytest.mark.parametrize("descends", [False, True])
@pytest.mark.parametrize(("start", "size"), [(0, 5), (4, 7), (16, 5)])
def test_a_sort_by_another_table_gives_what_a_join_would(
    column: str, descends: bool, start: int, size: int, subscriptions: None
) -> None:
    rows = Subscription.objects.exclude(customer__fullname="z")
    mark = "-" if descends else ""
    ties = ("created_at", "-id") if descends else NEWEST

    found = part(rows, Order(((column, descends),), NEWEST), start=start, size=size)

    joined = list(rows.order_by(f"{mark}{column}", *ties).values_list("pk", flat=True))
    assert found == Part(joined[start : start + size], has_more=len(joined) > start + size)


def test_a_descending_list_is_the_ascending_one_from_its_end(subscriptions: None) -> None:
    up = part(Subscription.objects.all(), Order((("status", False),), NEWEST), start=0, size=18)
    down = part(Subscription.objects.all(), Order((("status", True),), NEWEST), start=0, size=18)

    assert down.keys == up.keys[::-1]


def test_texts_are_sorted_by_their_beginning(subscriptions: None) -> None:
    long = "n" * 100
    Subscription.objects.update(description=f"{long}z")
    first = Subscription.objects.order_by("created_at")[0]
    Subscription.objects.filter(pk=first.pk).update(description=f"{long}a")

    found = part(Subscription.objects.all(), Order(((beginning("description"), False),), NEWEST), start=17, size=1)

    assert found.keys == [first.pk]  # the oldest of those that begin alike
