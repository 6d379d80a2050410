"""Secrets that a site keeps for its steps."""

from pathlib import Path

import pytest
from pytest_django import Settings

from processes.plugins.secrets import secret


@pytest.fixture
def directory(tmp_path: Path, settings: Settings) -> Path:
    settings.STEP_SECRETS_DIRECTORY = str(tmp_path)
    return tmp_path


def test_file_goes_before_environment(directory: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STEP_SECRET_INVENTORY_TOKEN", "of the environment")
    assert secret("inventory-token") == "of the environment"

    (directory / "inventory-token").write_text("of the file\n")
    assert secret("inventory-token") == "of the file"


@pytest.mark.parametrize("name", ["unknown", "", "../secret", "/etc/hostname", ".", "A", "a b", "a\0"])
def test_other_names_find_nothing(directory: Path, name: str) -> None:
    (directory.parent / "secret").write_text("not for steps")

    assert secret(name) is None


def test_key_of_the_site_is_none_of_them(directory: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECRET_KEY", "the key of the site")

    assert (secret("key"), secret("secret_key")) == (None, None)


def given(name: str) -> str | None:
    return f"{name} of the vault" if name == "a" else None


def test_a_site_names_its_own_function(settings: Settings) -> None:
    settings.STEP_SECRETS = "tests.processes.plugins.test_secrets.given"

    assert (secret("a"), secret("b")) == ("a of the vault", None)
