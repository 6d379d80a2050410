"""Settings refuse what is unsafe at the start."""

import os
import subprocess
import sys

SHOW = (
    "from orchestrator_site.settings import base as s;"
    "print(s.SESSION_COOKIE_NAME, s.SECURE_SSL_REDIRECT, s.CONTENT_SECURITY_POLICY['DIRECTIVES']['form-action'],"
    "s.AUTHENTICATION_BACKENDS[0].rpartition('.')[2])"
)


def read_settings(show: str = SHOW, **environment: str) -> "subprocess.CompletedProcess[str]":
    """The settings as a production process reads them."""
    clean = {"PATH": os.environ["PATH"], **environment}
    return subprocess.run([sys.executable, "-c", show], check=False, env=clean, capture_output=True, text=True)


def test_site_does_not_start_without_a_secret() -> None:
    done = read_settings()

    assert done.returncode == 1
    assert "Set SECRET_KEY to a long random text" in done.stderr


def test_https_and_the_provider_are_taken_from_the_environment() -> None:
    done = read_settings(
        SECRET_KEY="x", KEYCLOAK_ISSUER="https://id.example.org/realms/a/", OIDC_CLIENT_ID="orchestrator"
    )

    assert done.stdout.strip() == "__Host-session True [\"'self'\", 'https://id.example.org'] KeycloakBackend"
