"""Who asks too often waits, and nobody else does."""

from collections.abc import Callable

import pytest
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory
from pytest_django.fixtures import Settings

from orchestrator_site.limits.rates import MOST_BUCKETS, Rates, limited

ADDRESS, TOKEN = "192.0.2.1", b"token"


def test_half_a_minute_s_worth_can_be_spent_at_once() -> None:
    rates = Rates(per_minute=20)

    waits = [rates.take(b"", ADDRESS, 0.0) for _ in range(11)]

    assert waits == [0] * 10 + [pytest.approx(3)]
    assert rates.take(b"", ADDRESS, 3.0) == 0


def test_a_person_has_a_bucket_beside_that_of_the_address() -> None:
    rates = Rates(per_minute=2)
    rates.know(TOKEN, "user 1")
    rates.take(b"", ADDRESS, 0.0)

    waits = [rates.take(TOKEN, ADDRESS, 0.0) for _ in range(2)]

    assert waits == [0, pytest.approx(30)]


def test_two_tokens_of_a_person_share_a_bucket() -> None:
    rates = Rates(per_minute=2)
    rates.know(b"first", "user 1")
    rates.know(b"second", "user 1")

    waits = [rates.take(token, ADDRESS, 0.0) for token in (b"first", b"second")]

    assert waits == [0, pytest.approx(30)]


def test_unknown_credentials_count_for_the_address() -> None:
    rates = Rates(per_minute=4)

    waits = [rates.take(f"guess {number}".encode(), ADDRESS, 0.0) for number in range(3)]

    assert waits == [0, 0, pytest.approx(15)]


def test_memory_is_bounded() -> None:
    rates = Rates(per_minute=2)

    for number in range(MOST_BUCKETS + 5):
        rates.take(b"", str(number), 0.0)
        rates.know(str(number).encode(), str(number))

    assert len(rates._buckets) == len(rates._people) == MOST_BUCKETS


@pytest.fixture
def answer(settings: Settings) -> Callable[[HttpRequest], HttpResponse]:
    settings.REQUESTS_PER_MINUTE = 4
    return limited(lambda _: HttpResponse("well"))  # type: ignore[return-value]


def test_too_many_requests_are_told_when_to_come_again(answer: Callable[[HttpRequest], HttpResponse]) -> None:
    request = RequestFactory().get("/api/processes/")

    answers = [answer(request) for _ in range(3)]

    assert [one.status_code for one in answers] == [200, 200, 429]
    assert answers[2]["Retry-After"] == "15"
    assert b"Try again in 15 seconds." in answers[2].content


def test_a_household_shares_a_bucket(answer: Callable[[HttpRequest], HttpResponse]) -> None:
    addresses = ("2001:db8::1", "2001:db8::2", "2001:db8::3", "2001:db8:0:1::1")

    answers = [answer(RequestFactory().get("/", REMOTE_ADDR=address)) for address in addresses]

    assert [one.content == b"well" for one in answers] == [True, True, False, True]


def test_who_was_signed_in_is_remembered(settings: Settings) -> None:
    settings.REQUESTS_PER_MINUTE = 4

    def signed_in(request: HttpRequest) -> HttpResponse:
        request.user = User(pk=7, username="somebody")
        return HttpResponse()

    answer = limited(signed_in)
    known = RequestFactory().get("/", HTTP_AUTHORIZATION="Token good")
    answer(known)
    for _ in range(3):
        answer(RequestFactory().get("/"))

    answers = [answer(known), answer(RequestFactory().get("/"))]
    assert [one.has_header("Retry-After") for one in answers] == [False, True]
