"""The pages of faults."""

import pytest
from django.contrib.auth.models import User
from django.db import OperationalError, connection
from django.template.loader import render_to_string
from django.test import Client, RequestFactory

from orchestrator_site.pages.faults import refused
from orchestrator_site.rest.problem import Problem


@pytest.mark.django_db
def test_a_missing_page_is_answered_in_the_site_s_look(client: Client, operator: User) -> None:
    client.force_login(operator)

    response = client.get("/no/such/page/")

    assert response.status_code == 404
    assert "This page does not exist." in response.content.decode()


def test_the_page_of_a_fault_stands_alone() -> None:
    html = render_to_string("500.html")

    assert "Internal server error." in html
    assert "csrf" not in html


def _lost(*args: object, **rest: object) -> None:
    raise OperationalError("database or disk is full")


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["/", "/processes/", "/subscriptions/", "/admin/", "/sign-in/"])
def test_pages_say_that_the_database_is_away(client: Client, admin_user: User, address: str) -> None:
    """M1."""
    client.force_login(admin_user)
    client.raise_request_exception = False

    with connection.execute_wrapper(_lost):
        response = client.get(address)

    assert (response.status_code, response["Retry-After"]) == (503, "5")
    assert "Temporarily unavailable." in response.content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["/api/processes/", "/api/customers/", "/api/schema/"])
def test_rest_says_that_the_database_is_away(client: Client, admin_user: User, address: str) -> None:
    client.force_login(admin_user)
    client.raise_request_exception = False

    with connection.execute_wrapper(_lost):
        response = client.get(address)

    assert (response.status_code, response["Retry-After"]) == (503, "5")
    assert response["Content-Type"] == "application/problem+json"
    assert response.json()["title"] == "Temporarily unavailable"


def test_any_other_refusal_stands_alone() -> None:
    response = refused(RequestFactory().get("/"), Problem(429, "Wait <b>.", headers={"Retry-After": "3"}))

    assert (response.status_code, response["Retry-After"]) == (429, "3")
    assert "Wait &lt;b&gt;." in response.content.decode()


@pytest.mark.parametrize("given", ["pk__in=0,99999999999999999999", f"id__in=-{'9' * 40}"])
def test_a_number_that_no_column_holds_is_a_bad_request(client: Client, admin_user: User, given: str) -> None:
    """H4 at the filters of the admin: SQLite's driver raises an OverflowError."""
    client.force_login(admin_user, "orchestrator_site.auth.local.LocalBackend")

    answer = client.get(f"/admin/processes/accessgrant/?{given}")

    assert answer.status_code in {400, 200, 302}  # PostgreSQL compares it as it is
    assert b"Internal server error" not in answer.content
