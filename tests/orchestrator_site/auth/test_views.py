"""Signing in with a password, and signing out."""

from urllib.parse import parse_qs, urlsplit

import pytest
from django.contrib.auth.models import User
from django.test import Client

from orchestrator_site.models import ProviderSession
from processes.models import AuditEvent
from tests.fakes.identity_provider import IdentityProvider
from tests.orchestrator_site.auth.conftest import age_keys, through_provider

pytestmark = pytest.mark.django_db


def test_password_signs_in_and_is_audited(visitor: Client, operator: User) -> None:
    response = visitor.post("/sign-in/?next=/processes/", {"username": "operator", "password": "operator"})

    assert (response.status_code, response["Location"]) == (302, "/processes/")
    assert list(AuditEvent.objects.values_list("actor", "action", "detail")) == [
        ("operator", "sign_in", {"with": "password"})
    ]


def test_next_page_on_another_host_is_ignored(visitor: Client, operator: User) -> None:
    response = visitor.post("/sign-in/?next=//evil.example/", {"username": "operator", "password": "operator"})

    assert response["Location"] == "/"


def test_sign_out_ends_the_session_at_the_provider_too(visitor: Client, provider: IdentityProvider) -> None:
    through_provider(visitor)

    response = visitor.post("/sign-out/")

    query = parse_qs(urlsplit(response["Location"]).query)
    assert response["Location"].startswith(f"{provider.issuer}/protocol/openid-connect/logout?")
    assert query["post_logout_redirect_uri"] == ["http://testserver/sign-in/"]
    assert ("_auth_user_id" in visitor.session, ProviderSession.objects.count()) == (False, 0)


def test_sign_out_stays_here_while_the_provider_is_silent(visitor: Client, provider: IdentityProvider) -> None:
    through_provider(visitor)
    provider.fails_with = 503
    age_keys(60)

    assert visitor.post("/sign-out/")["Location"] == "/sign-in/"


@pytest.mark.parametrize("address", ["/sign-out/", "/admin/logout/"])
def test_link_signs_nobody_out(visitor: Client, admin_user: User, address: str) -> None:
    visitor.force_login(admin_user, "orchestrator_site.auth.local.LocalBackend")

    response = visitor.get(address)

    assert (response.status_code, "_auth_user_id" in visitor.session) == (405, True)


def test_form_of_another_site_signs_nobody_out(viewer: User) -> None:
    visitor = Client(enforce_csrf_checks=True)
    visitor.force_login(viewer, "orchestrator_site.auth.local.LocalBackend")

    response = visitor.post("/sign-out/")

    assert (response.status_code, "_auth_user_id" in visitor.session) == (403, True)
