"""The identity provider of the tests of signing in."""

from tests.orchestrator_site.auth.conftest import provider

__all__ = ["provider"]
