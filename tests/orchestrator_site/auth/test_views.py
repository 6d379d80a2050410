"""Signing in and out on pages with a password."""

import pytest
from django.contrib.auth.models import User
from django.test import Client

from processes.models import AuditEvent

pytestmark = pytest.mark.django_db


def test_password_signs_in_and_is_audited(visitor: Client, operator: User) -> None:
    response = visitor.post("/sign-in/?next=/processes/", {"username": "operator", "password": "operator"})

    assert (response.status_code, response["Location"]) == (302, "/processes/")
    assert list(AuditEvent.objects.values_list("actor", "action", "detail")) == [
        ("operator", "sign_in", {"with": "password"})
    ]


def test_next_page_on_another_host_is_ignored(visitor: Client, operator: User) -> None:
    response = visitor.post("/sign-in/?next=//evil.example/", {"username": "operator", "password": "operator"})

    assert response["Location"] == "/"
