"""Tokens at rest: sealed by a key of the site, so that a copy of the database opens no session."""

from cryptography.fernet import InvalidToken

from processes.store.sealing import box_for

_PURPOSE = "tokens of the identity provider"


def sealed(text: str) -> str:
    """The text, unreadable without SECRET_KEY; an empty one stays empty."""
    return box_for(_PURPOSE).encrypt(text.encode()).decode() if text else ""


def opened(text: str) -> str:
    """What was sealed; empty when it was sealed with a key that is no longer known."""
    try:
        return box_for(_PURPOSE).decrypt(text).decode() if text else ""
    except InvalidToken:
        return ""
