"""What is refused by the outside of a request, at each kind of door."""

from collections.abc import Callable

import pytest
from django.contrib.auth.models import User
from django.test import Client
from rest_framework.test import APIClient

from processes.engine.values.status import ProcessStatus
from tests.factories.processes import process

pytestmark = pytest.mark.django_db
Api = Callable[..., APIClient]


@pytest.mark.parametrize(
    "address",
    [
        "/order/?search=%00",
        "/processes/?search=a%00b",
        "/subscriptions/?customer=%00",
        "/subscriptions/options/?field=%00&tag=x",
        "/products/?tag=%00",
        "/admin/products/product/?q=%00",
        "/sign-in/?next=%00",
        "/%00/",
    ],
)
def test_nul_in_an_address_is_refused_on_pages(client: Client, admin_user: User, address: str) -> None:
    """Fault 18."""
    client.force_login(admin_user)

    response = client.get(address)

    assert response.status_code == 400
    assert "The request contains a NUL character." in response.content.decode()


@pytest.mark.parametrize(
    "address",
    [
        "/api/schema/?version=%00",
        "/api/processes/?search=%00",
        "/api/processes/?%00=1",
        "/api/subscriptions/?sort=%00",
        "/api/processes/a%00b",
    ],
)
def test_nul_in_an_address_is_a_problem_in_rest(api: Api, admin_user: User, address: str) -> None:
    response = api(admin_user).get(address)

    assert (response.status_code, response["Content-Type"]) == (400, "application/problem+json")
    assert response.json()["detail"] == "The request contains a NUL character."


def test_nul_in_a_posted_form_is_refused(client: Client, operator: User) -> None:
    client.force_login(operator)

    response = client.post(f"/processes/{process().pk}/note/", {"note": "a\0b"})

    assert response.status_code == 400
    assert "NUL character" in response.content.decode()


@pytest.mark.parametrize("count", ["501", "9" * 40, "1e9", "inf"])
def test_a_form_that_says_to_have_many_rows_is_refused(client: Client, admin_user: User, count: str) -> None:
    """M6: an address of ten words made the admin show 2 000 rows, 28 MB in 20 seconds."""
    client.force_login(admin_user)

    response = client.post("/admin/products/product/add/", {"name": "a", "fixed_inputs-TOTAL_FORMS": count})

    assert response.status_code == 400
    assert "A form has at most 500 rows." in response.content.decode()


@pytest.mark.parametrize(
    ("method", "address", "kind"),
    [
        ("DELETE", "/processes/", "text/html"),
        ("PATCH", "/admin/", "text/html"),
        ("TRACE", "/", "text/html"),
        ("PROPFIND", "/sign-in/", "text/html"),
        ("TRACE", "/api/processes/", "application/problem+json"),
    ],
)
def test_a_method_that_nothing_answers_is_told_so(
    client: Client, operator: User, method: str, address: str, kind: str
) -> None:
    """It was 403, or a way to the sign-in."""
    client.force_login(operator)

    response = client.generic(method, address)

    assert (response.status_code, response["Content-Type"].partition(";")[0]) == (405, kind)
    assert response["Allow"].startswith("GET, HEAD, POST")


def test_nul_in_a_quoted_cookie_is_refused(client: Client) -> None:
    client.cookies.load({"sessionid": "x"})

    response = client.get("/", headers={"cookie": r'sessionid="\000aaaaaaaaaaaa"'})

    assert response.status_code == 400
    assert "NUL character" in response.content.decode()


def test_nul_in_a_name_of_basic_authentication_is_no_name(api: Api) -> None:
    client = api()
    client.credentials(HTTP_AUTHORIZATION="Basic YQBiOng=")  # a NUL b : x

    response = client.get("/api/processes/")

    assert (response.status_code, response.json()["detail"]) == (401, "Invalid username/password.")


def test_an_address_of_many_characters_is_refused(client: Client, api: Api, viewer: User) -> None:
    """M7: 1 900 words."""
    client.force_login(viewer)
    long = "+".join(["ab"] * 1900)

    page, problem = client.get(f"/processes/?search={long}"), api(viewer).get(f"/api/processes/?search={long}")

    assert (page.status_code, problem.status_code) == (414, 414)
    assert "at most 4094 characters" in page.content.decode()
    assert problem.json()["title"] == "Address too long"


def test_the_admin_searches_for_few_words(client: Client, admin_user: User) -> None:
    """M7."""
    client.force_login(admin_user)

    few, many = (client.get(f"/admin/products/product/?q={'+'.join(['ab'] * number)}") for number in (10, 11))

    assert (few.status_code, many.status_code) == (200, 400)
    assert "Search for at most 10 words." in many.content.decode()


@pytest.mark.parametrize("address", ["/sign-in/", "/", "/admin/", "/no/such/page"])
def test_large_bodies_of_strangers_are_refused_by_their_length(client: Client, address: str) -> None:
    """H5."""
    response = client.post(address, b"x" * 1_100_000, content_type="multipart/form-data; boundary=a")

    assert response.status_code == 413
    assert "The request body is too large." in response.content.decode()


def test_a_body_is_not_read_of_who_may_not_post_it(client: Client) -> None:
    """Authentication comes first: a form that would be refused for its contents leads to the sign-in."""
    response = client.post("/tasks/retry-failed/", {"name": "a\0b"})

    assert (response.status_code, response["Location"]) == (302, "/sign-in/?next=/tasks/retry-failed/")


def test_bodies_beyond_the_limit_are_refused_to_everybody(api: Api, operator: User) -> None:
    response = api(operator).post("/api/processes/make_tea", ["x" * 2_600_000], format="json")

    assert (response.status_code, response.json()["title"]) == (413, "Request too large")


@pytest.mark.parametrize("body", ["note=%ff%fe", "note=%ed%a0%80", "%ff=a"])
def test_form_that_is_no_text_is_refused(client: Client, operator: User, body: str) -> None:
    """Bytes that are no UTF-8 were stored as U+FFFD, without a word."""
    one = process(ProcessStatus.FAILED)
    client.force_login(operator)

    answer = client.post(f"/processes/{one.pk}/note/", body, content_type="application/x-www-form-urlencoded")

    assert answer.status_code == 400
    assert "The form is not written in UTF-8." in answer.content.decode()
    one.refresh_from_db()
    assert not one.note


def test_sign_that_somebody_typed_is_taken(client: Client, operator: User) -> None:
    one = process(ProcessStatus.FAILED)
    client.force_login(operator)

    answer = client.post(
        f"/processes/{one.pk}/note/", "note=%ef%bf%bd+seen", content_type="application/x-www-form-urlencoded"
    )

    assert answer.status_code in {200, 302}
    one.refresh_from_db()
    assert one.note == "\N{REPLACEMENT CHARACTER} seen"
