"""Sessions: read by one statement, and only while they last."""

from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from orchestrator_site.auth.sessions import SessionStore

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
