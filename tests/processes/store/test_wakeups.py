"""Wake-ups reach the workers that wait, once, and only for what was committed."""

import pytest
from django.contrib.auth.models import User
from django.db import OperationalError, connection, transaction

from processes import actions
from processes.store import wakeups
from tests.processes.threads import together
from tests.processes.waiting import LONG, seconds

pytestmark = pytest.mark.django_db(transaction=True)


def test_idle_worker_wakes_at_once(listener: wakeups.Listener) -> None:
    together([wakeups.wake])

    assert seconds(lambda: listener.wait(LONG)) < LONG / 2


def test_start_wakes_idle_workers(operator: User, registered: None, listener: wakeups.Listener) -> None:
    together([lambda: actions.start("count_to_two", [], by=operator)])

    assert seconds(lambda: listener.wait(LONG)) < LONG / 2


def test_nothing_wakes_for_what_was_rolled_back(listener: wakeups.Listener) -> None:
    def wake_and_roll_back() -> None:
        with transaction.atomic():
            wakeups.wake()
            transaction.set_rollback(True)

    together([wake_and_roll_back])

    assert seconds(lambda: listener.wait(0.2)) >= 0.2


def test_wake_ups_that_were_heard_are_not_heard_again(listener: wakeups.Listener) -> None:
    together([wakeups.wake] * 3)
    for _ in range(3):
        listener.wait(0.05)

    assert seconds(lambda: listener.wait(0.2)) >= 0.2


@pytest.mark.postgres
def test_listener_listens_again_when_a_step_had_the_connection_closed(listener: wakeups.Listener) -> None:
    connection.close()
    assert seconds(lambda: listener.wait(LONG)) < LONG / 2, "it looks for work once more"

    together([wakeups.wake])

    assert seconds(lambda: listener.wait(LONG)) < LONG / 2


@pytest.mark.postgres
def test_lost_connection_is_the_databases_fault(listener: wakeups.Listener) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        (backend,) = cursor.fetchone()

    def terminate() -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_terminate_backend(%s)", [backend])

    together([terminate])

    with pytest.raises(OperationalError):
        listener.wait(LONG)
