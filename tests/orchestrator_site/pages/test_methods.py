"""A method that a page does not take is 405 to everybody, before anything else is asked of the request."""

import pytest
from django.contrib.auth.models import User
from django.test import Client

from processes.models import AuditEvent
from tests.answers import NO_SUCH_PAGE, error_page

pytestmark = pytest.mark.django_db
BACKEND = "orchestrator_site.auth.local.LocalBackend"


def client_of(user: User | None) -> Client:
    """A browser that must bring a token with its forms."""
    client = Client(enforce_csrf_checks=True)
    if user is not None:
        client.force_login(user, BACKEND)
    return client


@pytest.mark.parametrize("name", ["", "stranger", "operator", "admin_user"])
@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("PUT", "/processes/", "GET, HEAD"),
        ("POST", "/processes/", "GET, HEAD"),
        ("OPTIONS", "/", "GET, HEAD"),
        ("GET", "/engine/pause/", "POST"),
        ("HEAD", "/sign-out/", "POST"),
        ("PUT", "/sign-in/", "GET, POST, HEAD"),
        ("PUT", "/admin/auth/user/", "GET, HEAD, POST"),
        ("POST", "/admin/", "GET, HEAD"),
        ("POST", "/admin/products/product/1/history/", "GET, HEAD"),
        ("GET", "/admin/logout/", "POST"),
    ],
)
def test_method_that_is_not_there_is_405_to_everybody(
    request: pytest.FixtureRequest, name: str, method: str, path: str, allowed: str
) -> None:
    client = client_of(request.getfixturevalue(name) if name else None)

    answer = client.generic(method, path)

    assert (answer.status_code, set(answer["Allow"].split(", "))) == (405, set(allowed.split(", ")))
    assert not AuditEvent.objects.filter(action__in=["refused", "sign_in_failed"]).exists()


def test_page_of_it_says_so(operator: User) -> None:
    answer = client_of(operator).put("/processes/")

    assert error_page(answer)[0] == 405
    assert "This page is not there for PUT." in answer.content.decode()


def test_address_that_is_absent_is_404_for_each_method(operator: User) -> None:
    answers = [client_of(operator).generic(method, "/nothing/") for method in ("GET", "PUT")]

    assert [error_page(answer) for answer in answers] == [NO_SUCH_PAGE] * 2


def test_everybody_signs_out_of_the_admin(viewer: User) -> None:
    client = Client()
    client.force_login(viewer, BACKEND)

    client.post("/admin/logout/")

    assert "_auth_user_id" not in client.session
