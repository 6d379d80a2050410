"""Local passwords where there is an identity provider: for everybody, or for emergencies alone."""

from collections.abc import Callable

import pytest
from django.contrib.auth.models import User
from django.test import Client
from pytest_django import Settings
from rest_framework.test import APIClient

from processes.models import AuditEvent
from tests.answers import problem
from tests.fakes.identity_provider import IdentityProvider
from tests.orchestrator_site.auth.test_api import basic

pytestmark = pytest.mark.django_db
EMERGENCY = "You are signed in with an emergency account."


@pytest.fixture
def sealed(settings: Settings, provider: IdentityProvider) -> Settings:
    """A site on which passwords are for emergencies."""
    settings.LOCAL_SIGN_IN = False
    settings.BREAK_GLASS_USERS = ["admin"]
    return settings


def test_emergency_account_signs_in_while_the_provider_is_silent(
    visitor: Client, sealed: Settings, provider: IdentityProvider, admin_user: User
) -> None:
    """K7."""
    provider.fails_with = 503

    visitor.post("/sign-in/", {"username": "admin", "password": "admin"})

    assert EMERGENCY in visitor.get("/processes/").content.decode()
    assert AuditEvent.objects.get().detail == {"with": "password", "break_glass": True}


def test_other_local_accounts_have_no_way_in(
    visitor: Client, sealed: Settings, operator: User, api: Callable[..., APIClient]
) -> None:
    visitor.post("/sign-in/", {"username": "operator", "password": "operator"})
    token = api().post("/api/auth/login/", HTTP_AUTHORIZATION=basic("operator", "operator"))

    assert "_auth_user_id" not in visitor.session
    assert problem(token) == (401, "Invalid username/password.")


def test_session_of_a_local_account_ends_when_passwords_are_put_away(
    visitor: Client, settings: Settings, provider: IdentityProvider, operator: User
) -> None:
    visitor.post("/sign-in/", {"username": "operator", "password": "operator"})
    settings.LOCAL_SIGN_IN = False

    assert visitor.get("/processes/")["Location"] == "/sign-in/?next=/processes/"


def test_form_is_behind_a_link_where_it_is_for_emergencies(visitor: Client, sealed: Settings) -> None:
    pages = [visitor.get(address).content.decode() for address in ("/sign-in/?next=/order/", "/sign-in/?local")]

    assert ['name="password"' in page for page in pages] == [False, True]
    assert "/sign-in/?local&amp;next=/order/" in pages[0]


def test_without_a_provider_everybody_has_a_password(visitor: Client, settings: Settings, operator: User) -> None:
    settings.LOCAL_SIGN_IN = False

    visitor.post("/sign-in/", {"username": "operator", "password": "operator"})

    assert EMERGENCY not in visitor.get("/processes/").content.decode()
    assert "_auth_user_id" in visitor.session


def test_code_in_the_address_of_the_password_form_is_not_taken_to_the_provider(
    visitor: Client, provider: IdentityProvider, admin_user: User
) -> None:
    answer = visitor.post("/sign-in/?code=x&state=y", {"username": "admin", "password": "admin"})

    assert (answer.status_code, answer["Location"], provider.requests) == (302, "/", {})


def test_code_in_an_address_of_the_rest_interface_is_not_taken_to_the_provider(
    api: Callable[..., APIClient], provider: IdentityProvider
) -> None:
    answer = api().get(
        "/api/schema/?code=x&state=y", HTTP_AUTHORIZATION=basic("ada", "guess"), HTTP_ACCEPT="application/json"
    )

    assert (problem(answer), provider.requests) == ((401, "Invalid username/password."), {})
