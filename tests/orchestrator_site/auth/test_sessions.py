"""Sessions: read by one statement, and only while they last."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from orchestrator_site.auth.sessions import SessionStore
from orchestrator_site.models import SignedInSession

pytestmark = pytest.mark.django_db


@pytest.fixture
def kept() -> str:
    session = SessionStore()
    session["colour"] = "blue"
    session.save()
    assert session.session_key is not None
    return session.session_key


def test_session_is_read_by_one_statement(kept: str, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    with django_assert_num_queries(1):
        session = SessionStore(kept)

        assert (session["colour"], session.get("size"), session.session_key) == ("blue", None, kept)


def test_session_that_has_expired_or_is_unknown_is_empty(kept: str) -> None:
    Session.objects.filter(pk=kept).update(expire_date=timezone.now() - timedelta(seconds=1))

    for key in (kept, "a" * 32):
        session = SessionStore(key)
        assert (dict(session.items()), session.session_key) == ({}, None)


@pytest.fixture
def used(viewer: User) -> tuple[Client, SignedInSession]:
    """A browser in which somebody signed in two minutes ago."""
    client = Client()
    client.force_login(viewer, "orchestrator_site.auth.local.LocalBackend")
    ago = timezone.now() - timedelta(minutes=2)
    SignedInSession.objects.update(started_at=ago, last_used_at=ago)
    return client, SignedInSession.objects.get()


def test_use_of_a_session_is_written_down_once_a_minute(used: tuple[Client, SignedInSession]) -> None:
    client, before = used

    client.get("/account/", REMOTE_ADDR="192.0.2.7")
    first = SignedInSession.objects.get()
    client.get("/account/", REMOTE_ADDR="192.0.2.8")

    assert before.last_used_at is not None
    assert first.last_used_at is not None
    assert first.last_used_at > before.last_used_at
    assert first.last_used_from == "192.0.2.7"
    assert SignedInSession.objects.get().last_used_at == first.last_used_at


def test_page_of_sessions_tells_when_each_was_last_used(used: tuple[Client, SignedInSession]) -> None:
    client, _ = used

    page = client.get("/account/", REMOTE_ADDR="192.0.2.7").content.decode()

    assert "last used" in page
    assert "192.0.2.7" in page
