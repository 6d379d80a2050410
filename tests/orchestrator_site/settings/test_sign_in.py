"""Settings of the identity provider are taken as they are given."""

import pytest

from tests.orchestrator_site.settings.test_base import read_settings

SHOW = "from orchestrator_site.settings import sign_in as s; print(s.OIDC_ISSUER, s.OIDC_RP_CLIENT_SECRET)"


@pytest.mark.parametrize(
    ("issuer", "taken"),
    [
        ("https://id.example.org/realms/a/", "https://id.example.org/realms/a"),
        ("https://tenant.example.org/", "https://tenant.example.org/"),
    ],
)
def test_issuer_keeps_its_slash_where_tokens_have_one(issuer: str, taken: str) -> None:
    done = read_settings(SHOW, OIDC_ISSUER=issuer, OIDC_CLIENT_SECRET="c2VjcmV0/")

    assert done.stdout.split() == [taken, "c2VjcmV0/"]
