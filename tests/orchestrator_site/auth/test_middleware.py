"""Where people are sent to sign in, and that nothing of theirs is stored on the way."""

import pytest
from django.contrib.auth.models import User
from django.test import Client

from orchestrator_site.models import ProviderSession
from tests.fakes.identity_provider import IdentityProvider
from tests.orchestrator_site.auth.conftest import through_provider

pytestmark = pytest.mark.django_db


def test_part_of_a_page_is_answered_with_a_redirect_that_htmx_follows(visitor: Client) -> None:
    response = visitor.get("/", HTTP_HX_REQUEST="true", HTTP_HX_CURRENT_URL="http://testserver/processes/?page=2")

    assert response["HX-Redirect"] == "/sign-in/?next=/processes/%3Fpage%3D2"


def test_page_is_answered_with_an_ordinary_redirect(visitor: Client) -> None:
    assert visitor.get("/?a=1")["Location"] == "/sign-in/?next=/%3Fa%3D1"


def test_pages_of_signed_in_people_are_not_stored(visitor: Client, viewer: User) -> None:
    visitor.force_login(viewer, "orchestrator_site.auth.local.LocalBackend")

    response = visitor.get("/api/docs/")

    assert "no-store" in response["Cache-Control"]
    assert "script-src" not in response["Content-Security-Policy"]
    assert "default-src 'self'" in response["Content-Security-Policy"]


def test_part_of_a_page_whose_session_has_ended_leads_back_to_the_page(
    visitor: Client, provider: IdentityProvider
) -> None:
    through_provider(visitor)
    ProviderSession.objects.all().delete()
    session = visitor.session
    session["vouched_until"] = 0
    session.save()

    part = visitor.get("/", HTTP_HX_REQUEST="true", HTTP_HX_CURRENT_URL="http://testserver/processes/")

    assert part["HX-Redirect"] == "/sign-in/?next=/processes/&ended="
