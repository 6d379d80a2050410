"""Sessions go on only while the identity provider vouches for them, and are renewed without leaving the page."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from pytest_django import Settings
from time_machine import TimeMachineFixture

from orchestrator_site.auth import vouching
from orchestrator_site.auth.provider.configuration import configured
from orchestrator_site.auth.vouching import Verdict
from orchestrator_site.models import ProviderSession
from processes.access.permissions import roles_of
from processes.models import AuditEvent
from tests.answers import page_title, problem
from tests.fakes.identity_provider import IdentityProvider
from tests.orchestrator_site.auth.conftest import through_provider

VIEWER = {"realm_access": {"roles": ["viewer"]}}
ENDED = "Your session at the identity provider has ended. Sign in again."
SILENT = "The identity provider is not responding."


@pytest.fixture
def now(time_machine: TimeMachineFixture) -> TimeMachineFixture:
    time_machine.move_to(datetime.now(UTC), tick=False)
    return time_machine


@pytest.fixture
def ada(visitor: Client, provider: IdentityProvider, now: Any) -> Client:
    """A viewer who has just signed in."""
    provider.person |= VIEWER
    through_provider(visitor)
    return visitor


@pytest.mark.django_db
def test_session_is_renewed_without_a_redirect(
    ada: Client, provider: IdentityProvider, now: TimeMachineFixture
) -> None:
    """K4."""
    now.shift(299)

    response = ada.get("/processes/")

    assert (page_title(response), provider.requests["token"], provider.requests["auth"]) == (
        (200, "Processes · Orchestrator"),
        2,
        1,
    )


@pytest.mark.django_db
def test_session_ends_after_its_time_however_often_it_was_vouched_for(
    ada: Client, settings: Settings, now: TimeMachineFixture
) -> None:
    settings.SESSION_COOKIE_AGE = 600
    seen = []
    for _ in range(3):
        now.shift(250)
        seen.append(ada.get("/processes/").status_code)

    assert seen == [200, 200, 302]


@pytest.mark.django_db
def test_session_that_is_young_asks_nobody(ada: Client, provider: IdentityProvider, now: TimeMachineFixture) -> None:
    now.shift(200)

    ada.get("/processes/")

    assert provider.requests["token"] == 1


@pytest.mark.django_db
@pytest.mark.parametrize("method", ["get", "post", "put", "delete", "head", "options"])
def test_disabled_person_is_out_of_the_rest_interface_by_every_method(
    ada: Client, provider: IdentityProvider, now: TimeMachineFixture, method: str
) -> None:
    """K2."""
    provider.disabled.add("4711")
    now.shift(301)

    response = getattr(ada, method)("/api/processes/")

    assert response.status_code == 401
    assert method == "head" or problem(response) == (401, ENDED)
    assert (ProviderSession.objects.count(), "_auth_user_id" in ada.session) == (0, False)


@pytest.mark.django_db
def test_disabled_person_is_sent_to_the_sign_in_and_back_to_the_page(
    ada: Client, provider: IdentityProvider, now: TimeMachineFixture
) -> None:
    """K2 and K6."""
    provider.disabled.add("4711")
    now.shift(301)

    page = ada.get("/processes/?status=failed")
    sign_in = ada.get(page["Location"])

    assert page["Location"] == "/sign-in/?next=/processes/%3Fstatus%3Dfailed&ended="
    assert "Your session at the identity provider has ended." in sign_in.content.decode()
    assert "/sign-in/provider/?next=/processes/%3Fstatus%3Dfailed" in sign_in.content.decode()


@pytest.mark.django_db
def test_form_that_is_sent_too_late_leads_back_to_its_page(
    ada: Client, provider: IdentityProvider, now: TimeMachineFixture
) -> None:
    provider.disabled.add("4711")
    now.shift(301)

    response = ada.post("/sign-nothing/", headers={"referer": "http://testserver/order/?step=2"})
    lost = ada.post("/workflows/create_node/start/", headers={"referer": "http://testserver/order/?step=2"})

    assert response.status_code == 404
    assert lost["Location"] == "/sign-in/?next=/order/%3Fstep%3D2"


@pytest.mark.django_db
def test_role_that_was_taken_away_is_gone_with_the_renewal(
    ada: Client, provider: IdentityProvider, now: TimeMachineFixture
) -> None:
    """K2 and K10."""
    assert ada.get("/api/processes/").json() == []
    provider.people["4711"] |= {"realm_access": {"roles": []}, "given_name": "Augusta"}
    now.shift(301)

    answer = ada.get("/api/processes/")

    assert (answer.status_code, roles_of(User.objects.get()), User.objects.get().first_name) == (
        403,
        frozenset(),
        "Augusta",
    )


@pytest.mark.django_db
def test_session_goes_on_for_the_grace_while_the_provider_is_silent(
    ada: Client, provider: IdentityProvider, now: TimeMachineFixture, settings: Settings
) -> None:
    """K7."""
    settings.OIDC_GRACE_SECONDS = 1800
    provider.fails_with = 503
    now.shift(301)

    first, second = ada.get("/processes/"), ada.get("/api/processes/")
    asked = provider.requests["token"]
    now.shift(1800)
    late = ada.get("/api/processes/")

    assert SILENT in first.content.decode()
    assert (second.json(), asked, problem(late)) == ([], 2, (401, ENDED))


@pytest.mark.django_db
def test_provider_that_answers_again_ends_the_notice(
    ada: Client, provider: IdentityProvider, now: TimeMachineFixture
) -> None:
    provider.fails_with = 503
    now.shift(301)
    ada.get("/processes/")
    provider.fails_with = 0
    now.shift(20)

    page = ada.get("/processes/")

    assert (page.status_code, SILENT in page.content.decode()) == (200, False)
    assert ProviderSession.objects.get().silent_since is None


@pytest.mark.django_db
def test_wrong_secret_of_ours_is_a_silent_provider_and_no_end(
    ada: Client, provider: IdentityProvider, now: TimeMachineFixture, settings: Settings
) -> None:
    settings.OIDC_RP_CLIENT_SECRET = "changed"
    now.shift(301)

    assert SILENT in ada.get("/processes/").content.decode()


@pytest.mark.django_db
def test_tokens_are_not_in_the_database_in_clear(ada: Client, provider: IdentityProvider) -> None:
    row = ProviderSession.objects.get()
    session = next(iter(provider.sessions.values()))

    assert session.refresh_token not in row.refresh_token
    assert "." not in row.id_token
    assert "oidc_id_token" not in ada.session


@pytest.mark.django_db
def test_session_made_with_another_secret_key_ends(ada: Client, now: TimeMachineFixture, settings: Settings) -> None:
    row = ProviderSession.objects.get()
    settings.SECRET_KEY = "another-secret-key-that-is-long-enough"
    provider = configured()
    assert provider is not None
    now.shift(301)

    assert vouching.check(provider, row.session_key).verdict is Verdict.ENDED


@pytest.mark.django_db(transaction=True)
def test_of_requests_at_once_one_renews_and_the_others_go_on(visitor: Client, provider: IdentityProvider) -> None:
    provider.person |= VIEWER
    through_provider(visitor)
    ProviderSession.objects.update(vouched_at=datetime.now(UTC) - timedelta(seconds=250))
    configuration, key = configured(), ProviderSession.objects.get().session_key
    assert configuration is not None
    provider.held.clear()
    together = threading.Barrier(8)

    def request(number: int) -> Verdict:
        together.wait()
        try:
            return vouching.check(configuration, key).verdict
        finally:
            connection.close()
            if number:
                provider.held.set()

    with ThreadPoolExecutor(8) as pool:
        verdicts = list(pool.map(request, range(8)))

    assert verdicts == [Verdict.VOUCHED] * 8
    assert provider.requests["token"] == 2


@pytest.mark.django_db(transaction=True)
def test_requests_after_the_time_wait_for_what_the_one_learns(visitor: Client, provider: IdentityProvider) -> None:
    """K2: nobody slips through while another request is being told that the person is disabled."""
    provider.person |= VIEWER
    through_provider(visitor)
    provider.disabled.add("4711")
    ProviderSession.objects.update(vouched_at=datetime.now(UTC) - timedelta(seconds=301))
    configuration, key = configured(), ProviderSession.objects.get().session_key
    assert configuration is not None
    together = threading.Barrier(4)

    def request(_: int) -> Verdict:
        together.wait()
        try:
            return vouching.check(configuration, key).verdict
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        verdicts = set(pool.map(request, range(4)))

    assert verdicts == {Verdict.ENDED}
    assert AuditEvent.objects.filter(action="session_ended").count() == 1


@pytest.mark.django_db
def test_local_session_needs_no_provider(visitor: Client, provider: IdentityProvider, viewer: User) -> None:
    visitor.force_login(viewer, "orchestrator_site.auth.local.LocalBackend")
    provider.fails_with = 503

    assert visitor.get("/api/processes/").json() == []
