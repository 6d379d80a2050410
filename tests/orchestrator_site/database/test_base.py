"""Whether a connection can be used is seen at its socket; the server is asked only when it has said something."""

import pytest
from django.db import DEFAULT_DB_ALIAS, close_old_connections, connection, connections

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgres]


@pytest.fixture
def is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    """Requests look after the connection, as in production."""
    monkeypatch.setitem(connection.settings_dict, "CONN_HEALTH_CHECKS", True)


def backend() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        (number,) = cursor.fetchone()
    return int(number)


def last_statement(number: int) -> str:
    """What the server was asked last over this connection."""
    other = connections[DEFAULT_DB_ALIAS].copy()
    with other.cursor() as cursor:
        cursor.execute("SELECT query FROM pg_stat_activity WHERE pid = %s", [number])
        (text,) = cursor.fetchone()
    other.close()
    return str(text)


def end(number: int) -> None:
    """From outside, and wait until it is gone."""
    other = connections[DEFAULT_DB_ALIAS].copy()
    with other.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s, 5000)", [number])
    other.close()


def test_silent_connection_is_usable_without_a_statement() -> None:
    number = backend()

    usable = connection.is_usable()

    assert (usable, last_statement(number)) == (True, "SELECT pg_backend_pid()")


def test_connection_that_the_server_ended_is_not_usable() -> None:
    end(backend())

    assert connection.is_usable() is False

    connection.close()


def test_connection_that_was_ended_is_made_anew_for_the_next_request(is_seen: None) -> None:
    first = backend()
    end(first)

    close_old_connections()

    assert backend() != first


def test_connection_that_was_told_something_is_usable() -> None:
    number = backend()
    with connection.cursor() as cursor:
        cursor.execute("LISTEN something")
    other = connections[DEFAULT_DB_ALIAS].copy()
    with other.cursor() as cursor:
        cursor.execute("NOTIFY something")
    other.close()

    assert connection.is_usable() is True
    assert backend() == number

    connection.close()


def test_connection_that_is_closed_is_not_usable() -> None:
    backend()
    connection.connection.close()

    assert connection.is_usable() is False

    connection.close()
