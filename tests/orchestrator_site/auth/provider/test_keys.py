"""Signing keys: which may sign, how long they count, how often they are asked for."""

import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from pytest_django import Settings

from orchestrator_site.auth.provider.errors import ProviderSilent, TokenRefused
from orchestrator_site.auth.provider.keys import RSA_ALGORITHMS, Keys, signing_keys
from tests.fakes.identity_provider import KEY


def described(key: Any, **more: Any) -> dict[str, Any]:
    kinds: dict[type, Any] = {
        rsa.RSAPrivateKey: jwt.algorithms.RSAAlgorithm,
        ec.EllipticCurvePrivateKey: jwt.algorithms.ECAlgorithm,
    }
    kind = next((kinds[base] for base in kinds if isinstance(key, base)), jwt.algorithms.OKPAlgorithm)
    return {**kind.to_jwk(key.public_key(), as_dict=True), "kid": "a", **more}


class Clock:
    now = 1000.0

    def __call__(self) -> float:
        return self.now


class Endpoint:
    """The address of the keys; counts who asks, and is silent when told."""

    def __init__(self) -> None:
        self.keys, self.asked, self.silent = [described(KEY)], 0, False
        self.answers, self.is_asked = threading.Event(), threading.Event()
        self.answers.set()

    def __call__(self) -> Any:
        self.asked += 1
        self.is_asked.set()
        self.answers.wait(30)
        if self.silent:
            raise ProviderSilent
        return {"keys": self.keys}


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def endpoint() -> Endpoint:
    return Endpoint()


@pytest.fixture
def keys(endpoint: Callable[[], Any], clock: Clock) -> Keys:
    return Keys(endpoint, clock=clock)


@pytest.mark.parametrize(
    ("key", "algorithms"),
    [
        (described(KEY), RSA_ALGORITHMS),
        (described(KEY, alg="PS384"), {"PS384"}),
        (described(ec.generate_private_key(ec.SECP384R1())), {"ES384"}),
        (described(KEY, alg="ES256"), None),
        (described(KEY, alg="none"), None),
        (described(KEY, use="enc"), None),
        (described(rsa.generate_private_key(65537, 1024)), None),
        (described(ec.generate_private_key(ec.SECP256K1())), None),
        (described(ed25519.Ed25519PrivateKey.generate()), None),
        ({"kty": "oct", "k": "c2VjcmV0", "kid": "a"}, None),
        ({"kty": "RSA", "n": "!", "e": "AQAB"}, None),
        ({"kty": "RSA"}, None),
        ({}, None),
        ("text", None),
    ],
    ids=[
        "RSA", "PS384", "ES384", "RSA for EC", "none", "to encrypt", "RSA too short", "unknown curve", "Ed25519",
        "secret", "no number", "nothing of RSA", "nothing", "text",
    ],
)  # fmt: skip
def test_keys_that_may_sign(key: Any, algorithms: set[str] | None) -> None:
    assert [found.algorithms for found in signing_keys({"keys": [key]})] == ([] if algorithms is None else [algorithms])


@pytest.mark.parametrize("document", [None, [], {}, {"keys": None}, {"keys": {"a": 1}}])
def test_document_that_is_no_key_set_is_no_answer(document: Any) -> None:
    with pytest.raises(ProviderSilent):
        signing_keys(document)


def test_keys_are_read_again_after_minutes(keys: Keys, endpoint: Endpoint, clock: Clock) -> None:
    keys.find("a", "RS256")
    clock.now += 299
    keys.find("a", "RS256")
    before = endpoint.asked
    clock.now += 2
    keys.find("a", "RS256")

    assert (before, endpoint.asked) == (1, 2)


def test_unknown_key_is_looked_for_once_a_minute(keys: Keys, endpoint: Endpoint, clock: Clock) -> None:
    keys.find("a", "RS256")
    for _ in range(5):
        with pytest.raises(TokenRefused):
            keys.find("made-up", "RS256")
    before = endpoint.asked
    endpoint.keys.append(described(rsa.generate_private_key(65537, 2048), kid="new"))
    clock.now += 61

    assert (before, keys.find("new", "RS256").kid) == (2, "new")


def test_last_keys_count_for_the_grace_while_nobody_answers(
    keys: Keys, endpoint: Endpoint, clock: Clock, settings: Settings
) -> None:
    settings.OIDC_GRACE_SECONDS = 600
    keys.find("a", "RS256")
    endpoint.silent = True
    clock.now += 899
    found, asked = keys.find("a", "RS256"), endpoint.asked
    keys.find("a", "RS256")
    asked_again = endpoint.asked
    clock.now += 10

    with pytest.raises(ProviderSilent):
        keys.find("a", "RS256")
    assert (found.kid, asked, asked_again) == ("a", 2, 2)


def test_silent_provider_is_asked_every_few_seconds_only(keys: Keys, endpoint: Endpoint, clock: Clock) -> None:
    endpoint.silent = True
    for _ in range(3):
        with pytest.raises(ProviderSilent):
            keys.find("a", "RS256")
    clock.now += 6
    endpoint.silent = False

    assert (endpoint.asked, keys.find("a", "RS256").kid) == (1, "a")


def test_token_without_a_key_id_fits_the_only_key(keys: Keys, endpoint: Endpoint) -> None:
    assert keys.find("", "RS256").kid == "a"
    endpoint.keys.append(described(rsa.generate_private_key(65537, 2048), kid="b"))

    with pytest.raises(TokenRefused):
        Keys(endpoint).find("", "RS256")


def test_nobody_waits_for_a_slow_provider_while_the_keys_count(keys: Keys, endpoint: Endpoint, clock: Clock) -> None:
    keys.find("a", "RS256")
    clock.now += 301
    endpoint.answers.clear()
    endpoint.is_asked.clear()
    with ThreadPoolExecutor(2) as pool:
        asking: Future[Any] = pool.submit(keys.find, "a", "RS256")
        endpoint.is_asked.wait(30)
        other = pool.submit(keys.find, "a", "RS256").result(timeout=10)
        was_asking = not asking.done()
        endpoint.answers.set()

    assert (other.kid, was_asking, asking.result().kid, endpoint.asked) == ("a", True, "a", 2)


def test_tokens_with_a_new_key_wait_for_who_looks_for_it(keys: Keys, endpoint: Endpoint) -> None:
    """Of several that come at once after the provider changed its key, the second was refused."""
    keys.find("a", "RS256")
    endpoint.keys.append(described(rsa.generate_private_key(65537, 2048), kid="new"))
    endpoint.answers.clear()
    endpoint.is_asked.clear()
    with ThreadPoolExecutor(2) as pool:
        first = pool.submit(keys.find, "new", "RS256")
        endpoint.is_asked.wait(30)
        second = pool.submit(keys.find, "new", "RS256")
        endpoint.answers.set()

    assert (first.result().kid, second.result().kid, endpoint.asked) == ("new", "new", 2)
