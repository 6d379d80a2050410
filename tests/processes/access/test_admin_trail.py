"""What is done in the admin is in the trail once, with before and after."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from django.contrib.auth.models import Group, User
from django.test import Client

from processes.access.admin_trail import plain
from processes.models import AuditEvent
from subscriptions.models import Customer

pytestmark = pytest.mark.django_db
BACKEND = "orchestrator_site.auth.local.LocalBackend"


@pytest.mark.parametrize(
    ("value", "told"),
    [
        (None, None),
        (True, True),
        (1, 1),
        ("ä", "ä"),
        (Decimal("1.10"), "1.10"),
        (datetime(2026, 1, 2, tzinfo=UTC), "2026-01-02T00:00:00+00:00"),
        ([3, 1], [3, 1]),
        ({"b", "a"}, ["a", "b"]),
        ({1: Decimal(2)}, {"1": "2"}),
        ([Group(name="b"), Group(name="a")], ["a", "b"]),
    ],
)
def test_values_are_told_as_json(value: Any, told: Any) -> None:
    assert plain(value) == told


def test_customer_is_followed_from_first_to_last(admin_user: User) -> None:
    """Fault M3: a deleted customer left no row, and a changed one said nothing."""
    client = Client()
    client.force_login(admin_user, BACKEND)
    base = "/admin/subscriptions/customer/"

    client.post(f"{base}add/", {"fullname": "Surf", "shortcode": "SURF"})
    customer = Customer.objects.get(shortcode="SURF")
    client.post(f"{base}{customer.pk}/change/", {"fullname": "SURF", "shortcode": "SURF"})
    client.post(f"{base}{customer.pk}/delete/", {"post": "yes"})

    assert list(AuditEvent.objects.values_list("action", "subject_id", "detail")) == [
        (
            "customer.add",
            str(customer.pk),
            {
                "name": "Surf",
                "changes": {"fullname": {"from": None, "to": "Surf"}, "shortcode": {"from": None, "to": "SURF"}},
            },
        ),
        (
            "customer.change",
            str(customer.pk),
            {"name": "SURF", "changes": {"fullname": {"from": "Surf", "to": "SURF"}}},
        ),
        ("customer.delete", str(customer.pk), {"name": "SURF"}),
    ]
