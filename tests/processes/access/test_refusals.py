"""Refusals are in the trail once, however many there are, and nobody writes rows in another's name."""

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone
from rest_framework.test import APIClient

from processes.access import refusals
from processes.access.origin import Origin, coming_from
from processes.models import AuditEvent, RefusalTally

pytestmark = pytest.mark.django_db
BACKEND = "orchestrator_site.auth.local.LocalBackend"
BASIC_ADA = "Basic YWRhOmd1ZXNz"  # ada:guess


def rows() -> list[tuple[str, str, dict[str, Any]]]:
    return list(AuditEvent.objects.values_list("actor", "action", "detail"))


def test_wrong_basic_password_leaves_one_row() -> None:
    """Fault M3: it left none. Whom somebody claims to be is not who acted."""
    answer = APIClient().get(
        "/api/processes/", headers={"Authorization": BASIC_ADA, "User-Agent": "curl"}, REMOTE_ADDR="192.0.2.7"
    )

    event = AuditEvent.objects.get()
    assert answer.status_code == 401
    assert rows() == [
        ("", "sign_in_failed", {"method": "GET", "path": "/api/processes/", "claimed": "ada"})
    ]  # fmt: skip
    assert (event.address, event.client) == ("192.0.2.7", "curl")


def test_request_without_credentials_refused_nobody() -> None:
    assert APIClient().get("/api/processes/").status_code == 401
    assert rows() == []


def test_wrong_password_on_the_sign_in_page_leaves_one_row(operator: User) -> None:
    Client().post("/sign-in/", {"username": "operator", "password": "guess"})

    assert rows() == [("", "sign_in_failed", {"with": "password", "claimed": "operator"})]


def test_too_many_guesses_leave_a_row_of_their_own(operator: User) -> None:
    """Fault M3: a 429 left none."""
    for _ in range(11):
        Client().post("/sign-in/", {"username": "operator", "password": "guess"})

    assert [row[1] for row in rows()] == ["sign_in_failed"] * 10 + ["throttled"]
    assert rows()[-1][2] == {"method": "POST", "path": "/sign-in/", "claimed": "operator"}


@pytest.mark.parametrize("path", ["/processes/", "/api/processes/", "/admin/auth/user/1/change/"])
def test_missing_right_is_a_row_of_who_lacks_it(stranger: User, path: str) -> None:
    client = Client()
    client.force_login(stranger, BACKEND)

    client.get(path, follow=True)

    assert [(actor, action) for actor, action, _ in rows()] == [("stranger", "refused")]


def test_nobody_writes_rows_without_end() -> None:
    """Fault M3: anybody wrote unlimited rows in any name."""
    with coming_from(Origin("192.0.2.7")):
        for number in range(refusals.EACH + 30):
            refusals.record("sign_in_failed", claimed=f"name {number}")

    assert AuditEvent.objects.count() == refusals.EACH


def test_rows_from_many_addresses_end_as_well(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(refusals, "ALL", 5)
    for number in range(9):
        with coming_from(Origin(f"192.0.2.{number}")):
            refusals.record("sign_in_failed", claimed="ada")

    assert AuditEvent.objects.count() == 5


def test_what_was_only_counted_is_told_in_one_row_when_the_window_is_over() -> None:
    with coming_from(Origin("192.0.2.7")):
        for number in range(refusals.EACH + 30):
            refusals.record("sign_in_failed", claimed=f"name {number}")

    refusals.settle(timezone.now() + timedelta(minutes=16))

    actor, action, detail = rows()[-1]
    assert (actor, action, detail["count"]) == ("", "refusals_counted", 30)
    assert detail["of"] == "sign_in_failed from 192.0.2.7"
    assert detail["claimed"] == [f"name {number}" for number in range(20, 30)]
    assert not RefusalTally.objects.exists()
