"""Secrets are sealed by the key of this site, and opened with the keys it had before."""

import pytest
from pytest_django import Settings

from processes.engine.values.secrets import MARK, SecretLost
from processes.store.sealing import VAULT


@pytest.mark.parametrize("text", ["", "x", "ü\n'\"", "a" * 10_000])
def test_what_is_sealed_is_opened(text: str) -> None:
    token = VAULT.seal(text)

    assert token.startswith(MARK)
    assert VAULT.open(token) == text
    assert text not in token or len(text) < 2
    assert VAULT.seal(text) != token


def test_an_old_key_opens_and_a_new_one_seals(settings: Settings) -> None:
    settings.SECRET_KEY, old = "the new key of this site", settings.SECRET_KEY
    new = VAULT.seal("new")
    settings.SECRET_KEY = old
    token = VAULT.seal("text")

    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "the new key of this site", [old]

    assert (VAULT.open(token), VAULT.open(new)) == ("text", "new")
    settings.SECRET_KEY_FALLBACKS = []
    with pytest.raises(SecretLost):
        VAULT.open(token)


@pytest.mark.parametrize("text", ["", "plain", MARK, f"{MARK}plain", f"{MARK}gAAAA"])
def test_a_text_of_somebody_is_no_sealed_one(text: str) -> None:
    assert VAULT.open(text) is None
