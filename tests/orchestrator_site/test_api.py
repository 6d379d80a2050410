"""The description of the REST interface."""

from collections.abc import Callable

import pytest
from django.contrib.auth.models import User
from rest_framework.test import APIClient

from orchestrator_site.rest.description import METHODS
from tests.answers import READING, problem

pytestmark = pytest.mark.django_db
Client = Callable[..., APIClient]


def test_docs_name_no_other_host(api: Client, viewer: User) -> None:
    page = api(viewer).get("/api/docs/").content.decode()

    assert "http://" not in page.replace("http://www.w3.org", "")
    assert "https://" not in page
    assert "<style" not in page


def test_description_is_closed_to_strangers(api: Client, stranger: User) -> None:
    assert problem(api(stranger).get("/api/schema/?format=json")) == (403, READING)


def test_a_refusal_of_the_docs_page_is_what_it_says(api: Client, stranger: User) -> None:
    response = api(stranger).get("/api/docs/", headers={"accept": "text/html"})

    assert response["Content-Type"] == "application/problem+json"
    assert response.json() == {"type": "about:blank", "title": "Forbidden", "status": 403, "detail": READING}


@pytest.mark.parametrize("method", ["delete", "put", "post", "patch"])
@pytest.mark.parametrize("address", ["/api/schema/", "/api/processes/", "/api/settings/worker-status"])
def test_a_method_that_is_not_taken_is_405(api: Client, viewer: User, method: str, address: str) -> None:
    response = api(viewer).generic(method.upper(), address)

    assert problem(response) == (405, f'Method "{method.upper()}" not allowed.')
    assert "GET" in response["Allow"]


@pytest.mark.parametrize("method", ["delete", "get"])
def test_nobody_is_asked_to_sign_in_first(api: Client, method: str) -> None:
    response = api().generic(method.upper(), "/api/processes/")

    assert (response.status_code, response["WWW-Authenticate"]) == (401, "Token")


def test_head_is_answered_as_get_is(api: Client, viewer: User) -> None:
    response = api(viewer).head("/api/processes/")

    assert (response.status_code, response["Content-Type"]) == (200, "application/json")


def test_every_operation_describes_what_it_may_meet(api: Client, viewer: User) -> None:
    paths = api(viewer).get("/api/schema/?format=json").json()["paths"]

    operations = [one for item in paths.values() for method, one in item.items() if method in METHODS]
    common = {"400", "401", "403", "405", "413", "414", "429", "503"}
    assert [one["operationId"] for one in operations if not common <= one["responses"].keys()] == []
