"""How many rows there are: to the last one, or nearly."""

from time import monotonic

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from processes.lists import counts
from processes.lists.counts import (
    ESTIMATE_SECONDS,
    MOST_COUNTED,
    MOST_ESTIMATES,
    MOST_TOLD,
    Capped,
    Counting,
    Estimates,
    Total,
    exact_total,
    if_few,
    total,
)
from processes.lists.paging import Order, part
from subscriptions.models import Customer

pytestmark = pytest.mark.django_db
MANY = """
INSERT INTO subscriptions_customer (id, fullname, shortcode)
SELECT gen_random_uuid(), 'name ' || n, n::text FROM generate_series(1, %s) n
"""
BY_NAME = Order((("fullname", False),), ("pk",))


@pytest.fixture
def many(db: None) -> int:
    """More customers than are counted one by one; their number."""
    number = MOST_COUNTED + 500
    with connection.cursor() as cursor:
        cursor.execute(MANY, [number])
        cursor.execute("ANALYZE subscriptions_customer")
    return number


def test_few_are_counted() -> None:
    Customer.objects.create(fullname="a", shortcode="a")

    assert total(Customer.objects.all()) == exact_total(Customer.objects.all()) == Total(1)


@pytest.mark.postgres
def test_many_are_estimated_and_never_below_what_was_counted(many: int) -> None:
    found = total(Customer.objects.order_by("fullname"))

    assert not found.is_exact
    assert MOST_COUNTED < found.number < many * 1.1
    assert exact_total(Customer.objects.all()) == Total(many)


@pytest.mark.postgres
def test_what_was_estimated_is_not_counted_again(many: int, monkeypatch: pytest.MonkeyPatch) -> None:
    first = total(Customer.objects.all())
    with CaptureQueriesContext(connection) as again:
        second = total(Customer.objects.order_by("fullname"))
    with CaptureQueriesContext(connection) as others:
        total(Customer.objects.exclude(shortcode="1"))
    later = monotonic() + ESTIMATE_SECONDS + 1
    monkeypatch.setattr(counts, "monotonic", lambda: later)
    with CaptureQueriesContext(connection) as after_a_minute:
        total(Customer.objects.all())

    assert second == first
    assert (len(again), len(others), len(after_a_minute)) == (0, 2, 2)


def test_nothing_is_counted_where_nothing_can_be() -> None:
    assert total(Customer.objects.none()) == Total(0)


@pytest.mark.postgres
def test_a_count_to_the_last_is_made_each_time() -> None:
    for number in (1, 2):
        Customer.objects.create(fullname=str(number), shortcode=str(number))

        assert total(Customer.objects.all()) == Total(number)


def test_estimates_that_were_used_longest_ago_are_forgotten() -> None:
    known = Estimates()
    for number in range(MOST_ESTIMATES + 1):
        known.keep(str(number), Total(number))

    assert (known.get("0"), known.get("1")) == (None, Total(1))


@pytest.mark.postgres
def test_the_last_part_of_many_knows_how_many_there_are(many: int) -> None:
    found = part(Customer.objects.all(), BY_NAME, start=many - 5, size=25, counting=Counting.ESTIMATED)

    assert (len(found.keys), found.total) == (5, Total(many))


@pytest.mark.postgres
def test_a_part_behind_the_end_of_many_counts_them(many: int) -> None:
    found = part(Customer.objects.all(), BY_NAME, start=many + 5, size=25, counting=Counting.ESTIMATED)

    assert (found.keys, found.total) == ([], Total(many))


@pytest.mark.parametrize(("most", "names"), [(3, ["a", "b", "c"]), (2, None)])
def test_few_rows_are_given_and_more_are_not(most: int, names: list[str] | None) -> None:
    for name in "bca":
        Customer.objects.create(fullname=name, shortcode=name)

    assert if_few(Customer.objects.order_by("fullname").values_list("fullname", flat=True), most) == names


@pytest.mark.parametrize(("counted", "text"), [(0, "0"), (MOST_TOLD, "1000"), (MOST_TOLD + 1, "1000+")])
def test_a_badge_tells_no_more_than_it_has_room_for(counted: int, text: str) -> None:
    assert (str(Capped(counted)), bool(Capped(counted))) == (text, counted > 0)
