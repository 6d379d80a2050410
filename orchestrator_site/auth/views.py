"""The pages of signing in with a local password, and of signing out."""

from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.forms import AuthenticationForm
from django.contrib.auth.models import User
from django.contrib.auth.views import LoginView, LogoutView
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import resolve_url
from django.utils.decorators import method_decorator

from orchestrator_site.auth import kept_posts, limiter, vouching
from orchestrator_site.auth.again import send_again
from orchestrator_site.auth.local import breaks_glass
from orchestrator_site.auth.pages import shows, sign_in_page
from orchestrator_site.auth.provider import discovery
from orchestrator_site.auth.provider.configuration import Endpoint, configured
from orchestrator_site.auth.provider.errors import ProviderSilent
from orchestrator_site.auth.provider.keys import keys_of
from processes.access import audit, refusals


class SignIn(LoginView):
    """The sign-in page."""

    redirect_authenticated_user = True

    @method_decorator(login_not_required)
    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Who has signed in elsewhere meanwhile goes on with what was typed here."""
        if request.method == "POST" and request.user.is_authenticated:
            kept = kept_posts.opened(request.POST.get(kept_posts.FIELD, ""))
            if kept is not None:
                return send_again(request, kept, goes_on=True)
        return super().dispatch(request, *args, **kwargs)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return super().post(request, *args, **kwargs)
        except limiter.TooManyFailures as error:
            wanted = self.get_redirect_url()
            return sign_in_page(request, str(error), status=429, next_page=wanted, retry_after=error.wait_seconds)

    def form_valid(self, form: AuthenticationForm) -> HttpResponse:
        user = form.get_user()
        assert isinstance(user, User)
        detail = {"with": "password"} | ({"break_glass": True} if breaks_glass() else {})
        audit.record("sign_in", by=user.username, kind="user", subject=user.pk, detail=detail)
        response = super().form_valid(form)
        kept = kept_posts.opened(self.request.POST.get(kept_posts.FIELD, ""))
        return response if kept is None else send_again(self.request, kept, goes_on=True)

    def form_invalid(self, form: AuthenticationForm) -> HttpResponse:
        name = form.cleaned_data.get("username", "") if form.is_bound else ""
        refusals.record("sign_in_failed", claimed=str(name), detail={"with": "password"})
        return super().form_invalid(form)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        ended = settings.OIDC_ENABLED and "ended" in self.request.GET
        shown = shows(local="local" in self.request.GET or self.request.method == "POST")
        kept = self.request.POST.get(kept_posts.FIELD, "")
        return super().get_context_data(session_ended=ended, kept=kept, **shown, **kwargs)


class SignOut(LogoutView):
    """End the session here, and at the provider when that is where it began (RP-initiated logout)."""

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        hint = vouching.forget(request.session.session_key)
        if request.user.is_authenticated:
            audit.record("sign_out", by=request.user.get_username(), kind="user", subject=request.user.pk)
        response = super().post(request, *args, **kwargs)
        response["Clear-Site-Data"] = '"cache"'
        if hint and (address := _logout_at_provider(request, hint)):
            response["Location"] = address
        return response


def _logout_at_provider(request: HttpRequest, hint: str) -> str:
    """Where the session at the provider ends (OpenID Connect RP-Initiated Logout 1.0); empty when nobody is there."""
    provider = configured()
    try:
        if provider is None:
            return ""
        keys_of(provider).check_answers()
        address = discovery.endpoint(provider, Endpoint.LOGOUT)
    except ProviderSilent:
        return ""
    back = request.build_absolute_uri(resolve_url(settings.LOGOUT_REDIRECT_URL))
    query = urlencode({"id_token_hint": hint, "client_id": provider.client_id, "post_logout_redirect_uri": back})
    return f"{address}?{query}" if address else ""
