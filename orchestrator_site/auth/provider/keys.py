"""The provider's signing keys: kept for minutes, so that a key it removes stops counting soon.

A token with an unknown key id has them read again, once a minute at most however many such tokens come. While the
provider is silent the last ones count for `OIDC_GRACE_SECONDS`, and it is asked again every few seconds only.
"""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePublicKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from django.conf import settings

from orchestrator_site.auth.provider import calls, discovery
from orchestrator_site.auth.provider.configuration import Endpoint, Provider
from orchestrator_site.auth.provider.errors import ProviderSilent, TokenRefused

FRESH_SECONDS = 300
REFETCH_SECONDS = 60
RETRY_SECONDS = 5
MOST_KEYS = 100
SMALLEST_RSA = 2048  # bits
CURVES = {"secp256r1": "ES256", "secp384r1": "ES384", "secp521r1": "ES512"}
RSA_ALGORITHMS = frozenset(f"{family}{bits}" for family in ("RS", "PS") for bits in (256, 384, 512))
ALGORITHMS = RSA_ALGORITHMS | frozenset(CURVES.values())


@dataclass(frozen=True)
class SigningKey:
    """A public key, and the algorithms that it may have signed with."""

    kid: str
    key: Any
    algorithms: frozenset[str]


class Keys:
    """The keys of one provider, shared by the threads of a process."""

    def __init__(self, fetch: Callable[[], Any], *, clock: Callable[[], float] = time.monotonic) -> None:
        self._fetch, self._clock = fetch, clock
        self._keys: tuple[SigningKey, ...] = ()
        self._read_at = self._tried_at = self._unknown_at = float("-inf")
        self._lock = threading.Lock()

    def find(self, kid: str, algorithm: str) -> SigningKey:
        """The key of that id (the only fitting one when the token names none) for that algorithm.

        Raises `TokenRefused` when there is none, `ProviderSilent` when none could be read.
        """
        self._refresh_if_free(older_than=min(FRESH_SECONDS, settings.OIDC_RENEW_SECONDS))
        key = self._lookup(kid, algorithm)
        if key is None:
            self._refresh_for_unknown()
            key = self._lookup(kid, algorithm)
        if key is None:
            raise TokenRefused("Invalid token: it was signed with an unknown key.")
        return key

    def refresh(self, *, older_than: float) -> None:
        """Read the keys again when they are older than that; raises `ProviderSilent` when none may be used any more."""
        with self._lock:
            self._refresh(older_than)

    def check_answers(self) -> None:
        """Raise `ProviderSilent` unless the provider gave its keys within the last seconds or gives them now."""
        self.refresh(older_than=RETRY_SECONDS)
        if self._clock() - self._read_at > RETRY_SECONDS:
            raise ProviderSilent

    def _lookup(self, kid: str, algorithm: str) -> SigningKey | None:
        fitting = [key for key in self._keys if algorithm in key.algorithms and (not kid or key.kid == kid)]
        return fitting[0] if len(fitting) == 1 else None

    def _refresh_if_free(self, *, older_than: float) -> None:
        """The same, but wait for no other request that asks while the keys which are known still count."""
        if not self._lock.acquire(blocking=self._are_over()):
            return
        try:
            self._refresh(older_than)
        finally:
            self._lock.release()

    def _refresh_for_unknown(self) -> None:
        """Read the keys again for a token with an unknown one, unless they were lately; wait for who does so now."""
        with self._lock:
            now = self._clock()
            if now - self._unknown_at >= REFETCH_SECONDS:
                self._unknown_at = now
                self._refresh(0)

    def _refresh(self, older_than: float) -> None:
        now = self._clock()
        if now - self._read_at < older_than:
            return
        if now - self._tried_at >= RETRY_SECONDS or self._tried_at <= self._read_at:
            self._tried_at = now
            try:
                self._keys = signing_keys(self._fetch())
            except ProviderSilent:
                self._tried_at = self._clock()
            else:
                self._read_at = self._tried_at
                return
        if self._are_over():
            raise ProviderSilent

    def _are_over(self) -> bool:
        return self._clock() - self._read_at > FRESH_SECONDS + settings.OIDC_GRACE_SECONDS


def signing_keys(document: Any) -> tuple[SigningKey, ...]:
    """The keys of a JWK set (RFC 7517) that may sign: not those too weak, symmetric or for encryption."""
    listed = document.get("keys") if isinstance(document, dict) else None
    if not isinstance(listed, list):
        raise ProviderSilent
    keys = [key for described in listed[:MOST_KEYS] if isinstance(described, dict) and (key := _signing_key(described))]
    return tuple(keys)


def _signing_key(described: dict[str, Any]) -> SigningKey | None:
    if described.get("use", "sig") != "sig" or described.get("kty") not in {"RSA", "EC"}:
        return None
    try:
        key = jwt.PyJWK({name: value for name, value in described.items() if name != "alg"}).key
    except (jwt.PyJWTError, ValueError, TypeError, AttributeError):
        return None
    named = described.get("alg")
    algorithms = _algorithms(key) & ({named} if isinstance(named, str) else ALGORITHMS)
    return SigningKey(str(described.get("kid") or ""), key, algorithms) if algorithms else None


def _algorithms(key: Any) -> frozenset[str]:
    if isinstance(key, RSAPublicKey) and key.key_size >= SMALLEST_RSA:
        return RSA_ALGORITHMS
    if isinstance(key, EllipticCurvePublicKey) and key.curve.name in CURVES:
        return frozenset({CURVES[key.curve.name]})
    return frozenset()


def keys_of(provider: Provider) -> Keys:
    """The keys of a provider, the same object for all requests of a process."""
    return _keys_of(provider)


@lru_cache(maxsize=8)
def _keys_of(provider: Provider) -> Keys:
    return Keys(lambda: calls.get_object(discovery.endpoint(provider, Endpoint.KEYS)))
