"""People and programs of an identity provider, over HTTP: with the stand-in, and with a real Keycloak where one runs.

./run with keycloak ./run test tests/e2e/test_identity.py
"""

import os
import random
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import httpx2
import pytest
from django.contrib.auth.models import Group, User
from django.contrib.sessions.models import Session
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from orchestrator_site.auth.provider import discovery, keys
from orchestrator_site.auth.sessions import SessionStore
from orchestrator_site.models import ProviderSession
from processes.access.permissions import roles_of
from processes.models import AuditEvent
from tests.fakes import bad_tokens, realms
from tests.fakes.realms import Browser, Keycloak, Realm, browser

REAL = os.environ.get("KEYCLOAK", "")
CALLS = 2000 if REAL else 160
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(600)]


@pytest.fixture(
    params=[
        "stand-in",
        pytest.param("keycloak", marks=pytest.mark.skipif(not REAL, reason="no Keycloak here: ./run with keycloak …")),
    ]
)
def realm(request: pytest.FixtureRequest, settings: Settings, live_server: LiveServer) -> Iterator[Realm]:
    """A realm that knows the site, and a site that knows the realm."""
    keys._keys_of.cache_clear()
    discovery._documents.clear()
    if request.param == "stand-in":
        with realms.stand_in() as stand_in:
            connect(stand_in, settings, live_server)
            yield stand_in
        return
    with httpx2.Client(trust_env=False, verify=False, timeout=30) as http:
        real = Keycloak(http, REAL, os.environ["KEYCLOAK_ADMIN"], os.environ["OIDC_CLIENT_SECRET"])
        connect(real, settings, live_server)
        yield real


def connect(realm: Realm, settings: Settings, live_server: LiveServer) -> None:
    settings.OIDC_ENABLED = True
    settings.OIDC_ISSUER = realm.issuer
    settings.OIDC_RP_CLIENT_ID = settings.OIDC_AUDIENCE = "orchestrator"
    settings.OIDC_RP_CLIENT_SECRET = realm.client_secret
    settings.OIDC_CLIENTS = ["orchestrator"]
    settings.AUTHENTICATION_BACKENDS = [
        "orchestrator_site.auth.oidc.KeycloakBackend",
        "orchestrator_site.auth.local.LocalBackend",
    ]
    realm.know(live_server.url)


class Visitor:
    """A person with a browser."""

    def __init__(self, realm: Realm, site: str, name: str) -> None:
        self._realm, self._site, self.name = realm, site, name
        self.browser: Browser = browser()

    def sign_in(self, wanted: str = "/processes/") -> httpx2.Response:
        """Sign in through the provider; the page that the site leads to."""
        asked = self.browser.get(f"{self._site}/sign-in/provider/", params={"next": wanted})
        back = self._realm.sign_in(self.browser, asked.headers["Location"], self.name)
        return self.get(self.browser.get(back).headers["Location"])

    def get(self, path: str, **headers: str) -> httpx2.Response:
        return self.browser.get(f"{self._site}{path}", headers=headers)


@pytest.fixture
def stranger(realm: Realm, live_server: LiveServer) -> Iterator[Visitor]:
    """A viewer who was never here."""
    visitor = Visitor(realm, live_server.url, realm.person("viewer"))
    with visitor.browser:
        yield visitor


@pytest.fixture
def visitor(stranger: Visitor) -> Visitor:
    """A viewer who has signed in."""
    stranger.sign_in()
    return stranger


def bearer(site: str, token: str, path: str = "/api/processes/") -> httpx2.Response:
    return httpx2.get(
        f"{site}{path}", headers={"Authorization": f"Bearer {token}"}, trust_env=False, verify=False, timeout=60
    )


def test_sign_in_leads_to_the_page_that_was_wanted(stranger: Visitor) -> None:
    page = stranger.sign_in("/processes/?status=failed")

    assert (page.status_code, page.url.query) == (200, b"status=failed")
    assert roles_of(User.objects.get(username=stranger.name)) == {"viewer"}


def test_rights_of_two_people_with_two_tokens_each_never_leak(realm: Realm, live_server: LiveServer) -> None:
    """K1 and K3: all calls at once, the first ones of people whom nobody has seen."""
    expected: dict[str, int] = {}
    for name in (realm.person("viewer"), realm.person("operator")):
        expected[realm.token(name)] = 200
        realm.set_roles(name)
        expected[realm.token(name)] = 403
    calls = random.Random(8).sample([*expected] * (CALLS // 4), CALLS // 4 * 4)

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda token: bearer(live_server.url, token).status_code, calls))

    assert [answer for token, answer in zip(calls, answers, strict=True) if answer != expected[token]] == []
    assert (User.objects.count(), Group.objects.filter(user__isnull=False).count()) == (2, 0)


def test_no_bad_token_opens_anything(realm: Realm, live_server: LiveServer) -> None:
    name = realm.person("admin")
    good = realm.token(name)
    bad = {**realm.wrong_tokens(name), **bad_tokens.spoiled(good)}

    opened = {kind for kind, token in bad.items() if bearer(live_server.url, token).status_code != 401}

    assert (len(bad) >= 40, opened, bearer(live_server.url, good).status_code) == (True, set(), 200)


def test_disabled_person_is_out_of_pages_rest_and_admin(visitor: Visitor, realm: Realm, settings: Settings) -> None:
    """K2."""
    assert visitor.get("/api/processes/").json() == []
    realm.disable(visitor.name)
    settings.OIDC_RENEW_SECONDS = 0
    ProviderSession.objects.update(vouched_at="2020-01-01T00:00:00Z")
    forget_when_vouched()

    rest, page, admin = (visitor.get(path) for path in ("/api/processes/", "/processes/", "/admin/"))

    assert (rest.status_code, rest.json()["detail"]) == (
        401,
        "Your session at the identity provider has ended. Sign in again.",
    )
    assert (page.headers["Location"], admin.headers["Location"]) == (
        "/sign-in/?next=/processes/",
        "/admin/login/?next=/admin/",
    )


def test_taken_role_and_new_name_come_with_the_renewal(visitor: Visitor, realm: Realm, settings: Settings) -> None:
    """K2 and K9."""
    realm.set_roles(visitor.name)
    realm.rename(visitor.name, first_name="Augusta", email=f"{visitor.name}@new.example")
    settings.OIDC_RENEW_SECONDS = 0
    forget_when_vouched()

    answer = visitor.get("/api/processes/")

    user = User.objects.get(username=visitor.name)
    assert (answer.status_code, user.first_name, user.email) == (403, "Augusta", f"{visitor.name}@new.example")


def test_requests_at_once_turn_the_refresh_token_over_once(visitor: Visitor, realm: Realm, settings: Settings) -> None:
    """K4: nobody is signed out because several requests renewed at once."""
    for _ in range(3):
        ProviderSession.objects.update(vouched_at="2020-01-01T00:00:00Z")
        forget_when_vouched()
        with ThreadPoolExecutor(6) as pool:
            answers = list(pool.map(lambda _: visitor.get("/api/processes/").status_code, range(12)))
        assert answers == [200] * 12


def test_back_channel_ends_the_session_within_a_second(visitor: Visitor, realm: Realm) -> None:
    """K5."""
    started = time.monotonic()
    realm.sign_out_everywhere(visitor.name)

    while visitor.get("/api/processes/").status_code == 200 and time.monotonic() - started < 5:
        pass

    assert (visitor.get("/api/processes/").status_code, time.monotonic() - started < 1) == (401, True)
    assert AuditEvent.objects.get(action="session_ended").detail == {"reason": "provider"}


def test_silent_provider_leaves_sessions_a_grace(visitor: Visitor, settings: Settings) -> None:
    """K7."""
    settings.OIDC_OP_TOKEN_ENDPOINT = "http://127.0.0.1:9/token"
    ProviderSession.objects.update(vouched_at="2020-01-01T00:00:00Z")
    forget_when_vouched()
    settings.OIDC_GRACE_SECONDS = 10**9
    page = visitor.get("/processes/")
    settings.OIDC_GRACE_SECONDS = 0
    late = visitor.get("/processes/")

    assert "The identity provider is not responding." in page.text
    assert late.headers["Location"] == "/sign-in/?next=/processes/&ended="


def test_program_is_an_actor_of_its_own(realm: Realm, live_server: LiveServer) -> None:
    answer = bearer(live_server.url, realm.robot_token())

    assert answer.json() == []
    assert list(User.objects.values_list("username", "identities__client")) == [("service-account-robot", "robot")]


def test_sign_out_here_is_one_there(visitor: Visitor, realm: Realm, live_server: LiveServer) -> None:
    token = visitor.browser.cookies["csrftoken"]
    out = visitor.browser.post(f"{live_server.url}/sign-out/", data={"csrfmiddlewaretoken": token})
    query = realms.query_of(out.headers["Location"])

    assert (query["client_id"], query["post_logout_redirect_uri"]) == ("orchestrator", f"{live_server.url}/sign-in/")
    assert visitor.get("/processes/").headers["Location"] == "/sign-in/?next=/processes/"


def forget_when_vouched() -> None:
    """Let the next request of each session look at the row of the session."""
    for key in Session.objects.values_list("pk", flat=True):
        session = SessionStore(key)
        session["vouched_until"] = 0
        session.save()
