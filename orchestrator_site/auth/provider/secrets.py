"""Tokens at rest: encrypted with a key made of SECRET_KEY, so that a copy of the database opens no session."""

import base64
from functools import lru_cache

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings


def sealed(text: str) -> str:
    """The text, unreadable without SECRET_KEY; an empty one stays empty."""
    return _box(settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS).encrypt(text.encode()).decode() if text else ""


def opened(text: str) -> str:
    """What was sealed; empty when it was sealed with a key that is no longer known."""
    try:
        return _box(settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS).decrypt(text).decode() if text else ""
    except InvalidToken:
        return ""


@lru_cache(maxsize=4)
def _box(*keys: str) -> MultiFernet:
    return MultiFernet([Fernet(_derived(key)) for key in keys])


def _derived(key: str) -> bytes:
    derived = HKDF(SHA256(), length=32, salt=None, info=b"tokens of the identity provider").derive(key.encode())
    return base64.urlsafe_b64encode(derived)
