"""Seal secrets before they are stored, by keys made from SECRET_KEY; those of SECRET_KEY_FALLBACKS still open.

Each purpose has a key of its own, so that what was sealed for one opens nothing elsewhere.

Fernet: AES-128 in CBC with an HMAC of SHA-256, from the `cryptography` library.
"""

import base64
import re
from functools import lru_cache

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

from processes.engine.values.secrets import MARK, SecretLost

_PURPOSE = "secrets of forms"
_TOKEN = re.compile(re.escape(MARK) + r"gAAAA[A-Za-z0-9_-]{50,}={0,2}")
"""What Fernet makes; any other text that begins so is a text of somebody's."""


class SettingsVault:
    """The vault of this site; a new SECRET_KEY seals, and what the old ones sealed is opened while they are kept."""

    def seal(self, text: str) -> str:
        return MARK + box_for(_PURPOSE).encrypt(text.encode()).decode()

    def open(self, token: str) -> str | None:
        if not _TOKEN.fullmatch(token):
            return None
        try:
            return box_for(_PURPOSE).decrypt(token.removeprefix(MARK).encode()).decode()
        except InvalidToken as error:
            raise SecretLost from error


VAULT = SettingsVault()


def box_for(purpose: str) -> MultiFernet:
    """What seals and opens for this purpose, by the present keys."""
    return _box(purpose, (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS))


@lru_cache(maxsize=8)
def _box(purpose: str, keys: tuple[str, ...]) -> MultiFernet:
    return MultiFernet([Fernet(_derived(purpose, key)) for key in keys])


def _derived(purpose: str, key: str) -> bytes:
    derived = HKDF(SHA256(), length=32, salt=None, info=purpose.encode()).derive(key.encode())
    return base64.urlsafe_b64encode(derived)
