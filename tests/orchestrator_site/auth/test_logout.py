"""The identity provider ends sessions here, by its own call or in somebody's browser."""

import time
from typing import Any

import pytest
from django.db import OperationalError
from django.test import Client
from pytest_django import Settings

from orchestrator_site.models import ProviderSession, SpentToken
from processes.models import AuditEvent
from tests.answers import NO_SUCH_PAGE, error_page
from tests.fakes.bad_tokens import OTHER_KEY
from tests.fakes.identity_provider import LOGOUT_EVENT, IdentityProvider
from tests.orchestrator_site.auth.conftest import through_provider

pytestmark = pytest.mark.django_db
BACK = "/sign-in/backchannel-logout/"
FRONT = "/sign-in/frontchannel-logout/"
NO_LOGOUT = "This is not a logout token."


@pytest.fixture
def ada(visitor: Client, provider: IdentityProvider) -> Client:
    through_provider(visitor)
    return visitor


def is_in(client: Client) -> bool:
    return client.get("/sign-in/").status_code == 302


def _unreachable(**_: Any) -> None:
    raise OperationalError("the database is away")


def tell(token: str) -> Any:
    return Client(enforce_csrf_checks=True).post(BACK, {"logout_token": token})


def test_named_session_ends_at_once_and_no_other(ada: Client, provider: IdentityProvider) -> None:
    """K5."""
    other = Client()
    through_provider(other)
    sid = next(iter(provider.sessions))

    answer = tell(provider.logout_token(sub="4711", sid=sid))

    assert (answer.status_code, answer["Cache-Control"].split(",")[0]) == (200, "max-age=0")
    assert (is_in(ada), is_in(other), ProviderSession.objects.count()) == (False, True, 1)
    assert AuditEvent.objects.get(action="session_ended").detail == {"reason": "provider"}


def test_time_of_issue_may_be_a_text(ada: Client, provider: IdentityProvider) -> None:
    answer = tell(provider.logout_token(sub="4711", iat=str(int(time.time()))))

    assert (answer.status_code, is_in(ada)) == (200, False)


def test_session_named_alone_ends(ada: Client, provider: IdentityProvider) -> None:
    tell(provider.logout_token(sid=next(iter(provider.sessions))))

    assert not is_in(ada)


def test_person_named_alone_loses_every_session(ada: Client, provider: IdentityProvider) -> None:
    other = Client()
    through_provider(other)

    tell(provider.logout_token(sub="4711"))

    assert (is_in(ada), is_in(other)) == (False, False)


def test_session_of_nobody_is_no_error(ada: Client, provider: IdentityProvider) -> None:
    answer = tell(provider.logout_token(sub="815", sid="no-such-session"))

    assert (answer.status_code, answer.content, is_in(ada)) == (200, b"", True)


@pytest.mark.parametrize(
    ("claims", "reason"),
    [
        ({"iss": "https://elsewhere.example"}, "Invalid token: Invalid issuer."),
        ({"aud": "another-client"}, "The token was issued to another client."),
        ({"aud": ["orchestrator", "another-client"]}, "The token was issued to another client."),
        ({"aud": None}, "The token was issued to another client."),
        ({"events": None}, NO_LOGOUT),
        ({"events": {}}, NO_LOGOUT),
        ({"events": {next(iter(LOGOUT_EVENT)): None}}, NO_LOGOUT),
        ({"events": list(LOGOUT_EVENT)}, NO_LOGOUT),
        ({"nonce": "n"}, "A logout token must not have a nonce."),
        ({"sub": None}, "The token names neither a person nor a session."),
        ({"jti": None}, 'Invalid token: Token is missing the "jti" claim.'),
        ({"iat": None}, 'Invalid token: Token is missing the "iat" claim.'),
        ({"iat": 1_000_000_000}, "The token is too old."),
        ({"exp": 1}, "Invalid token: Signature has expired."),
        ({"typ": "ID"}, NO_LOGOUT),
        ({"typ": "Bearer"}, NO_LOGOUT),
    ],
    ids=str,
)
def test_wrong_token_ends_nothing(ada: Client, provider: IdentityProvider, claims: dict[str, Any], reason: str) -> None:
    answer = tell(provider.logout_token(**{"sub": "4711", **claims}))

    assert (answer.status_code, answer.json()) == (400, {"error": "invalid_request", "error_description": reason})
    assert (is_in(ada), SpentToken.objects.count()) == (True, 0)


def test_token_signed_by_another_or_missing_ends_nothing(ada: Client, provider: IdentityProvider) -> None:
    forged = provider.sign({"aud": "orchestrator", "jti": "1", "events": LOGOUT_EVENT}, key=OTHER_KEY)

    reasons = [tell(token).json()["error_description"] for token in (forged, "")]

    assert reasons == ["Invalid token: Signature verification failed.", "Invalid token: Not enough segments."]
    assert is_in(ada)


def test_token_counts_once(ada: Client, provider: IdentityProvider) -> None:
    token = provider.logout_token(sub="4711")
    tell(token)
    through_provider(ada)

    again = tell(token)

    assert (again.status_code, again.json()["error_description"]) == (400, "The token was used before.")
    assert is_in(ada)


def test_token_whose_sessions_could_not_be_ended_counts_again(
    ada: Client, provider: IdentityProvider, monkeypatch: pytest.MonkeyPatch
) -> None:
    token = provider.logout_token(sub="4711")
    with monkeypatch.context() as broken:
        broken.setattr(ProviderSession.objects, "filter", _unreachable)
        with pytest.raises(OperationalError):
            tell(token)

    assert (tell(token).status_code, is_in(ada)) == (200, False)


def test_token_that_is_too_old_anyway_is_forgotten(ada: Client, provider: IdentityProvider) -> None:
    tell(provider.logout_token(sub="4711", jti="old"))
    SpentToken.objects.update(until="2020-01-01T00:00:00Z")

    tell(provider.logout_token(sub="4711", jti="new"))

    assert list(SpentToken.objects.values_list("jti", flat=True)) == ["new"]


def test_keys_that_cannot_be_read_are_503(provider: IdentityProvider) -> None:
    provider.fails_with = 503

    answer = tell(provider.logout_token(sub="4711"))

    assert (answer.status_code, answer.json()["error"]) == (503, "temporarily_unavailable")


def test_frame_of_the_provider_ends_the_session_that_it_names(ada: Client, provider: IdentityProvider) -> None:
    sid = next(iter(provider.sessions))

    answer = Client().get(FRONT, {"iss": provider.issuer, "sid": sid})

    assert (answer.content, is_in(ada), answer.has_header("X-Frame-Options")) == (b"Signed out.", False, False)
    assert f"frame-ancestors {provider.address}" in answer["Content-Security-Policy"]


@pytest.mark.parametrize(
    "query",
    [{}, {"sid": "x"}, {"iss": "https://elsewhere.example"}, {"iss": "", "sid": ""}],
)
def test_frame_that_names_less_ends_nothing(ada: Client, provider: IdentityProvider, query: dict[str, str]) -> None:
    known = {"sid": next(iter(provider.sessions))} if query.get("sid") == "x" else {}

    answer = ada.get(FRONT, query | known)

    assert (answer.content, is_in(ada)) == (b"The address must name issuer and session.", True)


def test_frame_with_a_nul_ends_nothing(ada: Client, provider: IdentityProvider) -> None:
    answer = ada.get(FRONT, {"iss": provider.issuer, "sid": "\0"})

    assert (answer.status_code, is_in(ada)) == (400, True)


def test_site_without_a_provider_has_no_such_pages(client: Client, settings: Settings) -> None:
    settings.OIDC_ENABLED = False

    assert error_page(client.post(BACK)) == NO_SUCH_PAGE
    assert error_page(client.get(FRONT)) == NO_SUCH_PAGE
