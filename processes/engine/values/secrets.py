"""Secrets that people type into forms: sealed wherever they are kept, open only for a step that is given them.

A sealed secret is a text of its own form among the values of a state. Pages and REST show a mask in its place. What
repeats a secret while it is open, such as a message of an error or a line of a log, has the mask there too.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, Protocol
from urllib.parse import quote

import orjson

MARK = "sealed:v1:"
"""What the text of a sealed secret begins with."""
MASK = "••••••"
"""What is shown in place of a secret."""
SHORTEST_PART = 4
"""A shorter secret is only recognised where it is the whole of a text: it is a part of too many."""

_MARK_BYTES = MARK.encode()
_open: ContextVar[set[str] | None] = ContextVar("secrets that are open", default=None)


class SecretLost(Exception):
    """A sealed secret cannot be opened: the key that sealed it is gone."""

    def __init__(self) -> None:
        super().__init__("A secret of this process cannot be read: the key that sealed it is not there any more.")


class Vault(Protocol):
    """What seals and opens."""

    def seal(self, text: str) -> str:
        """The text in sealed form, which begins with `MARK`."""

    def open(self, token: str) -> str | None:
        """What was sealed; None where the text was never sealed here. Raises SecretLost."""


@contextmanager
def keeping() -> Iterator[set[str]]:
    """The secrets that are open within; `hide` knows them, and those that are open around it."""
    known = set(_open.get() or ())
    token = _open.set(known)
    try:
        yield known
    finally:
        _open.reset(token)


def note(secret: str) -> None:
    """One more secret is open, within `keeping`."""
    known = _open.get()
    if known is not None:
        known.add(secret)


def hide(text: str) -> str:
    """The text with the mask in place of every secret that is open now, as it is or as it is written in JSON, Python
    and addresses.
    """
    known = _open.get()
    if not known:
        return text
    for secret in sorted(known, key=len, reverse=True):
        if text == secret:
            return MASK
        if len(secret) >= SHORTEST_PART:
            for form in (secret, json.dumps(secret)[1:-1], repr(secret)[1:-1], quote(secret), quote(secret, safe="")):
                text = text.replace(form, MASK)
    return text


def hidden(value: Any) -> Any:
    """A JSON value with the mask in place of every secret that is open now."""
    return _texts(value, hide) if _open.get() else value


def masked(value: Any) -> Any:
    """A JSON value with the mask in place of every sealed secret."""
    return _texts(value, lambda text: MASK if text.startswith(MARK) else text)


def has_sealed(encoded: bytes) -> bool:
    """Whether encoded JSON may hold a sealed secret."""
    return _MARK_BYTES in encoded


def opened(value: Any, vault: Vault, known: set[str]) -> Any:
    """A JSON value with its secrets in clear, each added to the known ones. Raises SecretLost."""

    def open_one(text: str) -> str:
        clear = vault.open(text) if text.startswith(MARK) else None
        if clear is None:
            return text
        known.add(clear)
        return clear

    return _texts(value, open_one)


def sealed(value: Any, vault: Vault, known: Iterable[str]) -> Any:
    """A JSON value with each text sealed that is a known secret, or has one in it."""
    secrets = [secret for secret in known if secret]
    longer = [secret for secret in secrets if len(secret) >= SHORTEST_PART]

    def seal_one(text: str) -> str:
        is_secret = text in secrets or any(secret in text for secret in longer)
        return vault.seal(text) if is_secret and not text.startswith(MARK) else text

    return _texts(value, seal_one) if secrets else value


def sealed_patch(patch: Mapping[str, bytes], vault: Vault, known: set[str]) -> dict[str, bytes]:
    """What a step returned, encoded, with the secrets that it was given sealed again."""
    if not known:
        return dict(patch)
    return {key: orjson.dumps(sealed(orjson.loads(value), vault, known)) for key, value in patch.items()}


def restored(value: Any, before: Any) -> Any:
    """A value that was shown with masks, with the sealed secrets of the same places before in their place."""
    if value == MASK and isinstance(before, str) and before.startswith(MARK):
        return before
    if isinstance(value, dict) and isinstance(before, dict):
        return {key: restored(item, before.get(key)) for key, item in value.items()}
    if isinstance(value, list) and isinstance(before, list):
        rest = [None] * max(0, len(value) - len(before))
        return [restored(item, old) for item, old in zip(value, [*before, *rest], strict=False)]
    return value


def _texts(value: Any, change: Callable[[str], str]) -> Any:
    match value:
        case str():
            return change(value)
        case dict():
            return {key: _texts(item, change) for key, item in value.items()}
        case list():
            return [_texts(item, change) for item in value]
        case _:
            return value
