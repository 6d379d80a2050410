"""Who asks too often waits, and nobody else does."""

import os
from collections.abc import Callable
from pathlib import Path
from time import process_time

import pytest
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory
from pytest_django.fixtures import Settings

from orchestrator_site.limits.rates import ROWS, Rates, limited

ADDRESS, TOKEN = "192.0.2.1", "token"


def test_half_a_minute_s_worth_can_be_spent_at_once() -> None:
    rates = Rates(per_minute=20)

    waits = [rates.take("", ADDRESS, 0.0) for _ in range(11)]

    assert waits == [0] * 10 + [pytest.approx(3)]
    assert rates.take("", ADDRESS, 3.0) == 0


def test_a_person_has_a_bucket_beside_that_of_the_address() -> None:
    rates = Rates(per_minute=2)
    rates.know(TOKEN, "user 1", 0.0)
    rates.take("", ADDRESS, 0.0)

    waits = [rates.take(TOKEN, ADDRESS, 0.0) for _ in range(2)]

    assert waits == [0, pytest.approx(30)]


def test_two_tokens_of_a_person_share_a_bucket() -> None:
    rates = Rates(per_minute=2)
    rates.know("first", "user 1", 0.0)
    rates.know("second", "user 1", 0.0)

    waits = [rates.take(token, ADDRESS, 0.0) for token in ("first", "second")]

    assert waits == [0, pytest.approx(30)]


def test_unknown_credentials_count_for_the_address() -> None:
    rates = Rates(per_minute=4)

    waits = [rates.take(f"guess {number}", ADDRESS, 0.0) for number in range(3)]

    assert waits == [0, 0, pytest.approx(15)]


def test_who_has_spent_most_is_forgotten_last() -> None:
    rates = Rates(per_minute=4)
    for _ in range(2):
        rates.take("", ADDRESS, 0.0)

    waits = [rates.take("", f"other {number}", 0.0) for number in range(8 * ROWS)]

    assert set(waits) == {0}
    assert rates.take("", ADDRESS, 0.0) == pytest.approx(15)


def test_a_host_that_was_started_anew_has_forgotten_everybody(tmp_path: Path) -> None:
    before = Rates(per_minute=4, file=tmp_path / "rates")
    for _ in range(2):
        before.take("", ADDRESS, 500_000.0)

    assert Rates(per_minute=4, file=tmp_path / "rates").take("", ADDRESS, 10.0) == 0


def test_servers_that_name_the_same_file_count_together(tmp_path: Path) -> None:
    one, other = (Rates(per_minute=4, file=tmp_path / "rates") for _ in range(2))
    one.know(TOKEN, "user 1", 0.0)

    waits = [rates.take(TOKEN, ADDRESS, 0.0) for rates in (one, other, one)]

    assert waits == [0, 0, pytest.approx(15)]
    assert other.take("", ADDRESS, 0.0) == 0


def test_forked_processes_let_no_more_through_than_one() -> None:
    rates = Rates(per_minute=2000)

    children = [_forked(rates, tries=500) for _ in range(4)]

    assert sum(map(_allowed, children)) == 1000


def _forked(rates: Rates, tries: int) -> tuple[int, int]:
    reading, writing = os.pipe()
    pid = os.fork()
    if not pid:
        allowed = sum(not rates.take("", ADDRESS, 0.0) for _ in range(tries))
        os.write(writing, str(allowed).encode())
        os._exit(0)
    os.close(writing)
    return pid, reading


def _allowed(child: tuple[int, int]) -> int:
    pid, reading = child
    os.waitpid(pid, 0)
    with os.fdopen(reading) as told:
        return int(told.read())


def test_a_count_costs_less_than_a_tenth_of_a_millisecond() -> None:
    rates = Rates(per_minute=10**9)
    rates.know(TOKEN, "user 1", 0.0)

    started = process_time()
    for number in range(2000):
        rates.take(TOKEN, ADDRESS, number / 1000)

    assert (process_time() - started) / 2000 < 0.0001


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
