"""Tokens at rest are readable with the secret key alone."""

from pytest_django import Settings

from orchestrator_site.auth.provider.secrets import opened, sealed


def test_what_is_sealed_can_be_opened() -> None:
    assert (opened(sealed("token")), "token" in sealed("token")) == ("token", False)


def test_nothing_stays_nothing() -> None:
    assert (sealed(""), opened("")) == ("", "")


def test_former_key_opens_while_it_is_a_fallback(settings: Settings) -> None:
    kept = sealed("token")
    former, settings.SECRET_KEY = settings.SECRET_KEY, "another-key-of-this-site"
    lost = opened(kept)
    settings.SECRET_KEY_FALLBACKS = [former]

    assert (lost, opened(kept)) == ("", "token")
