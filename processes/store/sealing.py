"""Seal secrets before they are stored, by keys made from SECRET_KEY; those of SECRET_KEY_FALLBACKS still open.

Fernet: AES-128 in CBC with an HMAC of SHA-256, from the `cryptography` library.
"""

import base64
import hashlib
import re
from functools import lru_cache

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings

from processes.engine.values.secrets import MARK, SecretLost

_PURPOSE = b"processes.sealing:"
_TOKEN = re.compile(re.escape(MARK) + r"gAAAA[A-Za-z0-9_-]{50,}={0,2}")
"""What Fernet makes; any other text that begins so is a text of somebody's."""


class SettingsVault:
    """The vault of this site; a new SECRET_KEY seals, and what the old ones sealed is opened while they are kept."""

    def seal(self, text: str) -> str:
        return MARK + _fernet().encrypt(text.encode()).decode()

    def open(self, token: str) -> str | None:
        if not _TOKEN.fullmatch(token):
            return None
        try:
            return _fernet().decrypt(token.removeprefix(MARK).encode()).decode()
        except InvalidToken as error:
            raise SecretLost from error


VAULT = SettingsVault()


def _fernet() -> MultiFernet:
    return _fernet_of((settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS))


@lru_cache(maxsize=4)
def _fernet_of(keys: tuple[str, ...]) -> MultiFernet:
    return MultiFernet([Fernet(_derived(key)) for key in keys])


def _derived(key: str) -> bytes:
    return base64.urlsafe_b64encode(hashlib.sha256(_PURPOSE + key.encode()).digest())
