"""What `check` says of settings that are unsafe."""

import pytest
from django.core.checks import Error
from pytest_django import Settings

from orchestrator_site.checks import hosts, identity_provider, step_up


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


def test_step_up_to_nowhere_is_an_error(settings: Settings) -> None:
    settings.ACR_VALUES = ["gold"]
    settings.STEP_UP = {"skip": "gold", "fly": "gold", "delete": "platinum"}

    assert [found.id for found in step_up(None)] == ["site.E004", "site.E005"]
