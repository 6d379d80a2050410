"""Settings refuse what is unsafe: at the start, or named by `check`."""

import os
import subprocess
import sys

import pytest
from django.core.checks import Error
from pytest_django import Settings

from orchestrator_site.checks import hosts, identity_provider

SHOW = (
    "from orchestrator_site.settings import base as s;"
    "print(s.SESSION_COOKIE_NAME, s.SECURE_SSL_REDIRECT, s.CONTENT_SECURITY_POLICY['DIRECTIVES']['form-action'],"
    "s.AUTHENTICATION_BACKENDS[0].rpartition('.')[2])"
)


def read_settings(**environment: str) -> "subprocess.CompletedProcess[str]":
    """The settings as a production process reads them."""
    clean = {"PATH": os.environ["PATH"], **environment}
    return subprocess.run([sys.executable, "-c", SHOW], check=False, env=clean, capture_output=True, text=True)


def test_site_does_not_start_without_a_secret() -> None:
    done = read_settings()

    assert done.returncode == 1
    assert "Set SECRET_KEY to a long random text" in done.stderr


def test_https_and_the_provider_are_taken_from_the_environment() -> None:
    done = read_settings(
        SECRET_KEY="x", KEYCLOAK_ISSUER="https://id.example.org/realms/a/", OIDC_CLIENT_ID="orchestrator"
    )

    assert done.stdout.strip() == "__Host-session True [\"'self'\", 'https://id.example.org'] KeycloakBackend"


@pytest.mark.parametrize(
    ("changes", "ids"),
    [
        ({}, []),
        ({"OIDC_RP_CLIENT_SECRET": ""}, ["site.E001"]),
        ({"OIDC_ISSUER": "http://id.example.org"}, ["site.E002"]),
        ({"OIDC_OP_JWKS_ENDPOINT": "http://127.0.0.1:8080/certs"}, []),
        ({"OIDC_ENABLED": False, "OIDC_ISSUER": "http://id.example.org"}, []),
    ],
)
def test_provider_that_is_half_configured_is_named(
    settings: Settings, changes: dict[str, object], ids: list[str]
) -> None:
    whole = {
        "OIDC_ENABLED": True,
        "OIDC_ISSUER": "https://id.example.org",
        "OIDC_OP_TOKEN_ENDPOINT": "https://id.example.org/token",
        "OIDC_OP_JWKS_ENDPOINT": "https://id.example.org/certs",
        "OIDC_RP_CLIENT_ID": "orchestrator",
        "OIDC_RP_CLIENT_SECRET": "secret",
    }
    for name, value in (whole | changes).items():
        setattr(settings, name, value)

    assert [found.id for found in identity_provider(None)] == ids


def test_wildcard_host_is_an_error(settings: Settings) -> None:
    settings.ALLOWED_HOSTS = ["*"]

    assert hosts(None) == [Error("ALLOWED_HOSTS allows any host.", "List the host names of this site.", id="site.E003")]
