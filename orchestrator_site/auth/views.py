"""Pages and endpoints of signing in and out: with a local password, through Keycloak, for a token."""

import logging
from typing import Any
from urllib.parse import urlencode

import requests
from django.conf import settings
from django.contrib.auth.forms import AuthenticationForm
from django.contrib.auth.models import User
from django.contrib.auth.views import LoginView, LogoutView
from django.core.exceptions import SuspiciousOperation
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render, resolve_url
from mozilla_django_oidc.views import OIDCAuthenticationCallbackView, OIDCAuthenticationRequestView

from orchestrator_site.auth import keycloak, limiter
from processes.access import audit, refusals

logger = logging.getLogger(__name__)


class SignIn(LoginView):
    """The sign-in page."""

    redirect_authenticated_user = True

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return super().post(request, *args, **kwargs)
        except limiter.TooManyFailures as error:
            return _sign_in_page(request, str(error), status=429, retry_after=error.wait_seconds)

    def form_valid(self, form: AuthenticationForm) -> HttpResponse:
        user = form.get_user()
        assert isinstance(user, User)
        audit.record("sign_in", by=user.username, kind="user", subject=user.pk, detail={"with": "password"})
        return super().form_valid(form)

    def form_invalid(self, form: AuthenticationForm) -> HttpResponse:
        name = form.cleaned_data.get("username", "") if form.is_bound else ""
        refusals.record("sign_in_failed", claimed=str(name), detail={"with": "password"})
        return super().form_invalid(form)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(oidc_enabled=settings.OIDC_ENABLED, **kwargs)


class SignOut(LogoutView):
    """End the session here, and at the provider when that is where it began (RP-initiated logout)."""

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        hint = request.session.get("oidc_id_token")
        if request.user.is_authenticated:
            audit.record("sign_out", by=request.user.get_username(), kind="user", subject=request.user.pk)
        response = super().post(request, *args, **kwargs)
        response["Clear-Site-Data"] = '"cache"'
        if hint and settings.OIDC_ENABLED:
            response["Location"] = _logout_at_provider(request, hint)
        return response


def _logout_at_provider(request: HttpRequest, hint: str) -> str:
    query = urlencode(
        {
            "id_token_hint": hint,
            "client_id": settings.OIDC_RP_CLIENT_ID,
            "post_logout_redirect_uri": request.build_absolute_uri(resolve_url(settings.LOGOUT_REDIRECT_URL)),
        }
    )
    return f"{settings.OIDC_OP_LOGOUT_ENDPOINT}?{query}"


class ToProvider(OIDCAuthenticationRequestView):
    """Send somebody to the identity provider."""

    def __init__(self, **kwargs: Any) -> None:
        if not settings.OIDC_ENABLED:
            raise Http404("This site has no identity provider.")
        super().__init__(**kwargs)


class FromProvider(OIDCAuthenticationCallbackView):
    """Somebody comes back from the identity provider; whatever is wrong is told on the sign-in page."""

    def get(self, request: HttpRequest) -> HttpResponseBase:
        if not settings.OIDC_ENABLED:
            raise Http404("This site has no identity provider.")
        try:
            response: HttpResponseBase = super().get(request)
        except (requests.RequestException, keycloak.ProviderSilent) as error:
            logger.warning("The identity provider failed: %s", type(error).__name__)
            return _sign_in_page(request, "Unexpected response from the identity provider. Try again.", status=502)
        except (keycloak.TokenRefused, SuspiciousOperation) as error:
            logger.warning("A sign-in was refused: %s", error)
            return self._refused("The response of the identity provider is invalid. Sign in again.")
        except ValueError as error:
            logger.warning("Unexpected response from the identity provider: %s", type(error).__name__)
            return _sign_in_page(request, "Unexpected response from the identity provider. Try again.", status=502)
        return response

    def login_success(self) -> HttpResponseBase:
        audit.record("sign_in", by=self.user.username, kind="user", subject=self.user.pk, detail={"with": "oidc"})
        response: HttpResponseBase = super().login_success()
        return response

    def login_failure(self) -> HttpResponseBase:
        error = self.request.GET.get("error", "")
        if error in {"login_required", "interaction_required"}:
            return self._refused("Your session at the identity provider has ended. Sign in again.", status=401)
        return self._refused("The identity provider did not sign you in.")

    def _refused(self, text: str, status: int = 403) -> HttpResponse:
        audit.record("sign_in_failed", by="", kind="user", detail={"with": "oidc"})
        return _sign_in_page(self.request, text, status=status)


def _sign_in_page(request: HttpRequest, text: str, *, status: int, retry_after: int = 0) -> HttpResponse:
    """The sign-in page with a message above the form."""
    form = AuthenticationForm(request, data={})
    form.errors.clear()
    form.add_error(None, text)
    response = render(
        request,
        "registration/login.html",
        {"form": form, "oidc_enabled": settings.OIDC_ENABLED, "next": request.session.get("oidc_login_next") or ""},
        status=status,
    )
    if retry_after:
        response["Retry-After"] = str(retry_after)
    return response
