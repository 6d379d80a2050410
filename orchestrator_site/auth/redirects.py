"""The way to the identity provider and back; whatever is wrong on it is told on the sign-in page."""

import logging
import time
from typing import Any
from urllib.parse import parse_qs, urlsplit

from django.conf import settings
from django.contrib import auth, messages
from django.contrib.sessions.models import Session
from django.core.exceptions import SuspiciousOperation
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone
from mozilla_django_oidc.views import OIDCAuthenticationCallbackView, OIDCAuthenticationRequestView

from orchestrator_site.auth import kept_posts, vouching, waiting_forms
from orchestrator_site.auth.again import ANOTHERS, GONE
from orchestrator_site.auth.oidc import BACKEND
from orchestrator_site.auth.pages import sign_in_page
from orchestrator_site.auth.provider import discovery
from orchestrator_site.auth.provider.configuration import Endpoint, Provider, configured
from orchestrator_site.auth.provider.errors import GrantRefused, ProviderSilent, TokenRefused
from orchestrator_site.auth.provider.keys import keys_of
from orchestrator_site.models import ProviderSession, SignedInSession
from processes.access import audit, refusals
from processes.access.step_up import reaches

logger = logging.getLogger(__name__)
STATE_SECONDS = 600
"""How long somebody may take at the provider."""
STRANGER_SECONDS = 3600
"""How long the page is remembered that was wanted."""
VOUCHED_UNTIL, ACR, STATES, NEXT = "vouched_until", "acr", "oidc_states", "oidc_login_next"
SILENT = "The identity provider is not responding, so nobody can sign in through it now. Try again in a moment."
INVALID = "The response of the identity provider is invalid. Sign in again."


class ToProvider(OIDCAuthenticationRequestView):
    """Send somebody to the identity provider, unless it is plain that nobody is there."""

    http_method_names = ("get", "post")

    def post(self, request: HttpRequest) -> HttpResponseBase:
        """The same with what was typed before, which waits here meanwhile."""
        request.GET = request.POST
        return self.get(request)

    def get(self, request: HttpRequest) -> HttpResponseBase:
        provider = _provider()
        wanted = request.GET.get("next", "")
        try:
            keys_of(provider).check_answers()
            self.OIDC_OP_AUTH_ENDPOINT = discovery.endpoint(provider, Endpoint.AUTHORIZATION)
        except ProviderSilent as error:
            logger.warning("Nobody can sign in: %s", error)
            return sign_in_page(request, SILENT, status=503, next_page=wanted, retry_after=15)
        if not request.user.is_authenticated:  # sessions of strangers are many, and worth nothing afterwards
            request.session.set_expiry(STRANGER_SECONDS)
            Session.objects.filter(expire_date__lt=timezone.now()).delete()
        response: HttpResponseBase = super().get(request)
        state = parse_qs(urlsplit(response["Location"]).query)["state"][0]
        more = {"next": request.session.get(NEXT), "acr": self._level(request)}
        request.session[STATES][state] |= more | {"kept": waiting_forms.put(request.POST.get(kept_posts.FIELD, ""))}
        request.session.modified = True
        return response

    def get_extra_params(self, request: HttpRequest) -> dict[str, str]:
        """What to ask for beyond the usual: the level that an act asks for."""
        level = self._level(request)
        return {"acr_values": level} if level else {}

    def _level(self, request: HttpRequest) -> str:
        level = request.GET.get("acr", "")
        return level if level in settings.ACR_VALUES else ""


class FromProvider(OIDCAuthenticationCallbackView):
    """Somebody comes back from the identity provider. An answer that nobody here asked for changes nothing."""

    _level = _kept = ""

    def get(self, request: HttpRequest) -> HttpResponseBase:
        provider = _provider()
        started = _started(request)
        if request.GET.get("error"):
            return self._refused("The identity provider did not sign you in.", forget=True)
        if started is None or request.GET.get("iss", provider.issuer) != provider.issuer:
            return self._refused(INVALID)
        if started["added_on"] < time.time() - STATE_SECONDS:
            return self._refused("The sign-in took too long. Sign in again.", forget=True)
        request.session[NEXT], self._level = started.get("next"), started.get("acr", "")
        self._kept = started.get("kept", "")
        try:
            response: HttpResponseBase = super().get(request)
        except ProviderSilent as error:
            logger.warning("The identity provider failed: %s", error)
            text = "Unexpected response from the identity provider. Try again."
            return sign_in_page(request, text, status=502, next_page=self._wanted(), kept=self._sealed())
        except (TokenRefused, GrantRefused, SuspiciousOperation) as error:
            logger.warning("A sign-in was refused: %s", error)
            return self._refused(INVALID)
        return response

    def login_success(self) -> HttpResponseBase:
        session, before, signed_in = self.request.session, self.request.session.session_key, self.request.signed_in
        if not reaches(str(signed_in.claims.get("acr") or ""), self._level):
            return self._refused(f"The identity provider did not sign you in at the level {self._level}.")
        if self.request.user == self.user:  # `auth.login` would take the forms of other tabs away
            session.cycle_key()  # what knew the session before may have been weaker
            session[auth.BACKEND_SESSION_KEY] = BACKEND
            SignedInSession.objects.filter(session_key=before).update(session_key=session.session_key)
        else:
            auth.login(self.request, self.user, BACKEND)
        ProviderSession.objects.filter(session_key=before).delete()
        until = vouching.begin(session.session_key, signed_in.identity, signed_in.tokens, signed_in.claims)
        session.set_expiry(None)
        session[VOUCHED_UNTIL] = until.timestamp()
        session[ACR] = str(signed_in.claims.get("acr") or "")
        detail = {"with": "oidc"}
        audit.record("sign_in", by=self.user.username, kind="user", subject=self.user.pk, detail=detail)
        return self._leave()

    def _leave(self) -> HttpResponseBase:
        """To what was typed before, or else to the page that was wanted."""
        if waiting_forms.is_of(self._kept, self.user):
            return redirect("waiting-form", self._kept)
        if self._kept:
            messages.error(self.request, ANOTHERS if waiting_forms.sealed(self._kept) else GONE)
        return HttpResponseRedirect(self.success_url)

    def login_failure(self) -> HttpResponseBase:
        return self._refused("The identity provider did not sign you in.")

    def _refused(self, text: str, *, forget: bool = False) -> HttpResponse:
        wanted, kept = self._wanted(), self._sealed()
        if forget and _started(self.request):
            del self.request.session[STATES][self.request.GET["state"]]
            self.request.session.modified = True
        refusals.record("sign_in_failed", detail={"with": "oidc"})
        page = sign_in_page(self.request, text, status=403, next_page=wanted, kept=kept)
        page.refusal_recorded = True  # type: ignore[attr-defined]
        return page

    def _wanted(self) -> str:
        """The page that was wanted when this sign-in began, or the one before."""
        started = _started(self.request) or {}
        return str(started.get("next") or self.request.session.get(NEXT) or "")

    def _sealed(self) -> str:
        """What was typed before, for the next try."""
        started = _started(self.request) or {}
        return waiting_forms.sealed(self._kept or str(started.get("kept") or ""))


def _started(request: HttpRequest) -> dict[str, Any] | None:
    """What is remembered of the sign-in that this answer belongs to; None when it was begun in another browser."""
    started: dict[str, Any] | None = request.session.get(STATES, {}).get(request.GET.get("state", ""))
    return started


def _provider() -> Provider:
    provider = configured()
    if provider is None:
        raise Http404("This site has no identity provider.")
    return provider
