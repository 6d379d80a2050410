"""What a start on a subscription and a step that saves one cost the database, counted in statements."""

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test.utils import CaptureQueriesContext

from processes import actions
from tests.factories import subscriptions as make
from tests.subscriptions.conftest import RunReady

pytestmark = pytest.mark.usefixtures("offered")

AROUND = ("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE")


def statements(captured: CaptureQueriesContext) -> int:
    return sum(not one["sql"].startswith(AROUND) for one in captured.captured_queries)


def start(subscription_id: object, note: str, operator: User) -> None:
    actions.start("modify_note", [{"subscription_id": str(subscription_id)}, {"note": note}], by=operator)


@pytest.mark.postgres
@pytest.mark.parametrize("users", [0, 1, 3])
def test_start_asks_once_for_the_form_and_once_under_the_lock(users: int, operator: User) -> None:
    """Paused; found and checked; the form's own look at the tree (2); the lock; found and checked; everything else."""
    node = make.node()
    for number in range(users):
        make.port(node, f"1/{number}")
    start(make.node("warm").subscription_id, "so so", operator)

    with CaptureQueriesContext(connection) as captured:
        start(node.subscription_id, "well", operator)

    assert statements(captured) == 7


def test_step_reads_and_saves_a_subscription_in_a_fixed_number(operator: User, run_ready: RunReady) -> None:
    counts = []
    for users in (0, 3):
        node = make.node(f"n{users}")
        for number in range(users):
            make.port(node, f"{users}/{number}")
        start(node.subscription_id, "well", operator)
        with CaptureQueriesContext(connection) as captured:
            run_ready()
        counts.append(statements(captured))

    assert counts[0] == counts[1]
