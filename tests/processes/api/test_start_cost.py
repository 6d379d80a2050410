"""What a start over REST costs the database, counted in statements: no clock is asked."""

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test.utils import CaptureQueriesContext
from knox.models import AuthToken
from rest_framework.test import APIClient

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgres, pytest.mark.usefixtures("registered")]

AROUND = ("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE")


def statements(captured: CaptureQueriesContext) -> list[str]:
    return [one["sql"] for one in captured.captured_queries if not one["sql"].startswith(AROUND)]


@pytest.mark.parametrize(
    ("workflow", "pages", "own"),
    [
        ("count_to_two", [], ["SELECT", "WITH"]),
        ("paint_thing", [{"thing": "shed"}], ["SELECT", "INSERT", "WITH"]),
    ],
    ids=["no locks", "one lock"],
)
def test_start_costs_at_most_three_statements(
    operator: User, workflow: str, pages: list[object], own: list[str]
) -> None:
    """One for who asks and what they may; then: is the engine paused, the locks, and everything there is to insert."""
    _, token = AuthToken.objects.create(operator)
    client = APIClient(headers={"Authorization": f"Token {token}"})
    client.post(f"/api/processes/{workflow}", [{"thing": "barn"}] if pages else [], format="json")

    with CaptureQueriesContext(connection) as start:
        answer = client.post(f"/api/processes/{workflow}", pages, format="json", headers={"Idempotency-Key": "once"})

    assert answer.status_code == 201
    assert [one.split()[0] for one in statements(start)] == ["SELECT", *own]
