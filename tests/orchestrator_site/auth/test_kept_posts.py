"""What is carried of a form, and what of it a person recognises."""

from typing import Any
from uuid import UUID

import pytest
from django.conf import settings
from django.contrib.auth.models import AnonymousUser, User
from django.http import HttpRequest
from django.test import RequestFactory
from django.urls import clear_script_prefix, reverse, set_script_prefix
from time_machine import TimeMachineFixture

from orchestrator_site.auth.kept_posts import KeptPost, opened, post_of
from orchestrator_site.models import SignedInSession

pytestmark = pytest.mark.django_db
ACCEPT = {"HTTP_ACCEPT": "text/html"}


@pytest.fixture
def typing(operator: User) -> RequestFactory:
    """The browser of somebody who is signed in."""

    class Typing(RequestFactory):
        def request(self, **request: Any) -> Any:
            made: HttpRequest = super().request(**request)
            made.user = operator
            return made

    return Typing()


def test_fields_are_kept_in_order_without_the_token(typing: RequestFactory, operator: User) -> None:
    request = typing.post(
        "/a/?b=c",
        {"z": ["1", "2"], "csrfmiddlewaretoken": "x", "a": "ü\r\n"},
        HTTP_REFERER="http://testserver/page/?q=1",
        **ACCEPT,  # type: ignore[arg-type]
    )

    kept = post_of(request)

    assert kept == KeptPost("/a/?b=c", (("z", "1"), ("z", "2"), ("a", "ü\r\n")), "/page/?q=1", operator.pk)
    assert opened(kept.sealed) == kept


def test_a_program_and_a_page_of_elsewhere_keep_nothing(typing: RequestFactory) -> None:
    made = typing

    assert post_of(made.post("/a/", {"a": "1"})) is None
    assert post_of(made.get("/a/", {"a": "1"}, **ACCEPT)) is None  # type: ignore[arg-type]
    kept = post_of(made.post("/a/", {"a": "1"}, HTTP_REFERER="http://evil.example/", **ACCEPT))  # type: ignore[arg-type]
    assert kept is not None
    assert kept.page == "/"


def test_form_below_a_prefix_of_the_host_can_be_shown_again() -> None:
    set_script_prefix("/noc/")
    try:
        address = reverse("processes:start-page", args=["create_node", UUID(int=0), 0])
        kept = KeptPost(address, (), "/noc/", 1)
        assert (address.startswith("/noc/workflows/create_node/start/"), kept.shows_again) == (True, True)
    finally:
        clear_script_prefix()


def test_it_is_of_whom_the_session_was_that_has_ended(operator: User, viewer: User) -> None:
    SignedInSession.objects.create(session_key="ended", user=operator, started_at="2026-11-28T00:00:00Z")
    request = RequestFactory().post("/a/", {"a": "1"}, **ACCEPT)  # type: ignore[arg-type]
    request.user = AnonymousUser()
    request.COOKIES[settings.SESSION_COOKIE_NAME] = "ended"

    kept = post_of(request)

    assert kept is not None
    assert (kept.person, kept.is_of(operator), kept.is_of(viewer), kept.is_of(AnonymousUser())) == (
        operator.pk, True, False, False,
    )  # fmt: skip


def test_it_is_opened_for_a_day(time_machine: TimeMachineFixture) -> None:
    time_machine.move_to("2026-11-28T08:00:00Z", tick=False)
    kept = KeptPost("/a/", (("a", "1"),), "/", 7)
    sealed = kept.sealed

    assert opened(sealed) == kept
    time_machine.move_to("2026-11-29T08:00:01Z", tick=False)
    assert opened(sealed) is None
