"""Calls of the provider: whatever is not a plain answer is a provider that does not respond."""

import socket
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

import pytest
from pytest_django import Settings

from orchestrator_site.auth.provider import calls
from orchestrator_site.auth.provider.calls import Reply
from orchestrator_site.auth.provider.errors import ProviderSilent
from tests.fakes.identity_provider import CLIENT_SECRET, IdentityProvider


def test_answer_below_500_is_told_as_it_is(provider: IdentityProvider) -> None:
    form = {"grant_type": "refresh_token", "refresh_token": "x", "client_secret": CLIENT_SECRET}

    reply = calls.post(f"{provider.issuer}/token", form)

    assert reply == Reply(400, {"error": "invalid_grant", "error_description": "Session not active"})


@pytest.mark.parametrize("status", [500, 503, 429])
def test_provider_that_is_busy_or_broken_is_silent(provider: IdentityProvider, status: int) -> None:
    provider.fails_with = status

    with pytest.raises(ProviderSilent):
        calls.get(f"{provider.issuer}/certs")


def test_answer_that_is_no_json_is_none(provider: IdentityProvider) -> None:
    provider.fails_with = 200

    with pytest.raises(ProviderSilent):
        calls.get(f"{provider.issuer}/certs")


def test_redirect_is_not_followed(provider: IdentityProvider) -> None:
    with pytest.raises(ProviderSilent):
        calls.get_object(f"{provider.issuer}/auth?redirect_uri=http://127.0.0.1:9/&state=x")


def test_nobody_at_the_address_is_silent() -> None:
    with pytest.raises(ProviderSilent):
        calls.get("http://127.0.0.1:9/certs")


def test_provider_that_does_not_come_to_an_answer_is_silent(settings: Settings) -> None:
    settings.OIDC_TIMEOUT = 0.2
    with socket.create_server(("127.0.0.1", 0)) as hanging, pytest.raises(ProviderSilent):
        calls.get(f"http://127.0.0.1:{hanging.getsockname()[1]}/certs")


def test_answer_without_end_is_cut(provider: IdentityProvider, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(calls, "LARGEST_ANSWER", 100)

    with pytest.raises(ProviderSilent):
        calls.get(f"{provider.issuer}/certs")


def test_answer_that_comes_by_drops_is_cut(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(calls, "TOTAL_SECONDS", 0.3)
    over = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as dripping, ThreadPoolExecutor(1) as pool:
        pool.submit(_drip, dripping, over)
        with pytest.raises(ProviderSilent):
            calls.get(f"http://127.0.0.1:{dripping.getsockname()[1]}/certs")
        is_cut = not over.is_set()
        over.set()

    assert is_cut


def _drip(server: socket.socket, over: threading.Event) -> None:
    """Announce more than comes, and send it a byte at a time."""
    connection, _ = server.accept()
    with connection, suppress(OSError):
        connection.recv(10_000)
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n")
        for _ in range(100):
            connection.sendall(b" ")
            over.wait(0.05)
        over.set()
