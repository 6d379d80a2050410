"""Sign-in through Keycloak: mozilla-django-oidc with its gaps closed, as docs/adr/0006 tells."""

from typing import Any

from django.conf import settings
from django.contrib.auth.models import User
from django.core.exceptions import MiddlewareNotUsed
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django_htmx.http import HttpResponseClientRedirect
from mozilla_django_oidc.auth import OIDCAuthenticationBackend
from mozilla_django_oidc.middleware import SessionRefresh

from orchestrator_site.auth import identities, keycloak
from orchestrator_site.auth.addresses import shown_page
from orchestrator_site.auth.people import KnownWithGroups

ADDRESSES_OF_SIGN_IN = ("login", "logout", "oidc_authentication_init", "oidc_authentication_callback")


class KeycloakBackend(KnownWithGroups, OIDCAuthenticationBackend):
    """Checks issuer, audience, key, life and nonce of the token; knows people by issuer and subject.

    Roles are read from the ID token and, as Keycloak puts them there by default, from the access token.
    Raises `keycloak.TokenRefused` and `keycloak.ProviderSilent`; the callback page tells the person.
    """

    def verify_token(self, token: str | None, **kwargs: Any) -> dict[str, Any]:
        provider = keycloak.configured()
        if provider is None or not token:
            raise keycloak.TokenRefused("The identity provider sent no ID token.")
        return keycloak.id_claims(provider, token, nonce=str(kwargs.get("nonce") or ""))

    def get_or_create_user(self, access_token: str | None, id_token: str, payload: dict[str, Any]) -> User:
        provider = keycloak.configured()
        assert provider is not None
        return identities.signed_in(provider, {**self._access(provider, access_token, payload), **payload}).user

    def _access(self, provider: keycloak.Provider, access_token: str | None, payload: dict[str, Any]) -> dict[str, Any]:
        """The claims of the access token when it is one of ours and of the same person, else none."""
        try:
            claims = keycloak.access_claims(provider, access_token or "")
        except keycloak.TokenRefused:
            return {}
        return claims if claims["sub"] == payload["sub"] else {}


class RefreshSession(SessionRefresh):
    """Re-reads who somebody is now and then by a silent sign-in; htmx is told to load the page anew."""

    def __init__(self, get_response: Any) -> None:
        if not settings.OIDC_ENABLED:
            raise MiddlewareNotUsed
        super().__init__(get_response)

    @property
    def exempt_urls(self) -> set[str]:
        return {
            reverse(name) for name in ("login", "logout", "oidc_authentication_init", "oidc_authentication_callback")
        }

    def process_request(self, request: HttpRequest) -> HttpResponse | None:
        if request.path.startswith(("/api/", settings.STATIC_URL)):
            return None
        response: HttpResponse | None = super().process_request(request)
        if response is None or request.headers.get("HX-Request") != "true":
            return response
        request.session["oidc_login_next"] = shown_page(request)
        return HttpResponseClientRedirect(response["Location"])
