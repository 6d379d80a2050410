"""Guesses of passwords are slowed down."""

import pytest
from django.contrib.auth.models import User
from django.test import Client

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
