"""Guesses of passwords are slowed down."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.utils import timezone

from orchestrator_site.auth import limiter
from orchestrator_site.models import SignInFailure

pytestmark = pytest.mark.django_db


def test_eleventh_guess_is_told_to_wait_even_when_right(visitor: Client, operator: User) -> None:
    for _ in range(10):
        assert visitor.post("/sign-in/", {"username": "operator", "password": "wrong"}).status_code == 200

    response = visitor.post("/sign-in/", {"username": "OPERATOR", "password": "operator"})

    assert (response.status_code, "Retry-After" in response) == (429, True)
    assert "Too many failed sign-in attempts" in response.content.decode()


def test_guesses_from_elsewhere_lock_nobody_out(visitor: Client, operator: User) -> None:
    for _ in range(11):
        visitor.post("/sign-in/", {"username": "operator", "password": "wrong"}, REMOTE_ADDR="192.0.2.1")

    response = visitor.post("/sign-in/", {"username": "operator", "password": "operator"})

    assert (response.status_code, response["Location"]) == (302, "/")
    assert visitor.session["_auth_user_id"] == str(operator.pk)


def test_many_failures_of_others_at_an_address_leave_a_name_some_tries(visitor: Client, operator: User) -> None:
    """A proxy stands for everybody behind it."""
    for number in range(limiter.PER_ADDRESS + 5):
        limiter.begin(f"guess {number}", "127.0.0.1")

    response = visitor.post("/sign-in/", {"username": "operator", "password": "operator"})

    assert (response.status_code, response["Location"]) == (302, "/")


def test_an_address_that_tries_many_names_has_fewer_tries_of_each(operator: User) -> None:
    for number in range(limiter.PER_ADDRESS + 1):
        limiter.begin(f"guess {number}", "192.0.2.1")

    for _ in range(limiter.FEWER):
        limiter.begin("operator", "192.0.2.1")

    with pytest.raises(limiter.TooManyFailures):
        limiter.begin("operator", "192.0.2.1")


def test_failures_from_before_the_clock_was_set_back_lock_nobody_out() -> None:
    """M11."""
    for _ in range(limiter.PER_NAME_AND_ADDRESS):
        limiter.begin("operator", "192.0.2.1")
    SignInFailure.objects.update(at=timezone.now() + timedelta(days=1))

    limiter.begin("operator", "192.0.2.1")
    limiter.failed()

    assert SignInFailure.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_guesses_that_come_at_once_are_no_more_than_guesses_in_a_row() -> None:
    def guess(_: int) -> bool:
        try:
            limiter.begin("operator", "192.0.2.1")
        except limiter.TooManyFailures:
            return False
        finally:
            connection.close()
        return True

    with ThreadPoolExecutor(17) as threads:
        passed = sum(threads.map(guess, range(34)))

    assert 1 <= passed <= limiter.PER_NAME_AND_ADDRESS
