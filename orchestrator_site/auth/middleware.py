"""Every page needs a sign-in unless it says otherwise, and somebody who vouches for it; nothing private is cached."""

import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any, cast
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.contrib.auth.models import AnonymousUser
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.cache import add_never_cache_headers
from django_htmx.http import HttpResponseClientRedirect

from orchestrator_site.auth import kept_posts, vouching, whose
from orchestrator_site.auth.addresses import wanted_page
from orchestrator_site.auth.again import sign_in_again
from orchestrator_site.auth.oidc import BACKEND
from orchestrator_site.auth.provider.configuration import configured
from orchestrator_site.auth.redirects import ACR, VOUCHED_UNTIL
from orchestrator_site.auth.vouching import Verdict
from processes.access.permissions import give_rights, rights_of

Answer = Callable[[HttpRequest], HttpResponse]


class VouchedFor:
    """A session of the identity provider goes on only while the provider vouches for it, whatever it is used for.

    Leaves on the request what was learned: `vouch` while the provider is silent, `session_ended` when it said no. A
    session that ended is nobody's from this very request on: pages go to the sign-in, the REST interface answers 401.
    """

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if settings.SESSION_COOKIE_NAME in request.COOKIES and request.session.get(BACKEND_SESSION_KEY) == BACKEND:
            self._check(request)
            if ACR in request.session and request.user.is_authenticated:
                give_rights(request.user, replace(rights_of(request.user), acr=request.session[ACR]))
        return self.get_response(request)

    def _check(self, request: HttpRequest) -> None:
        provider, key = configured(), request.session.session_key
        if provider is None or key is None or request.session.get(VOUCHED_UNTIL, 0) > time.time():
            return
        vouch = vouching.check(provider, key)
        match vouch.verdict:
            case Verdict.VOUCHED:
                request.session[VOUCHED_UNTIL] = vouch.until.timestamp()
            case Verdict.SILENT:
                request.vouch = vouch  # type: ignore[attr-defined]
            case Verdict.ENDED:
                request.session.flush()
                request.user = AnonymousUser()
                request.session_ended = True  # type: ignore[attr-defined]


class SignInRequired(LoginRequiredMiddleware):
    """Django's middleware, which also answers htmx in its own way: a redirect it would follow into a part of a page.

    Who sends a form after the session has ended signs in on the spot, and what was typed is not lost.
    """

    def handle_no_permission(self, request: HttpRequest, view_func: Callable[..., Any]) -> HttpResponseRedirect:
        if request.headers.get("HX-Request") != "true" and (kept := kept_posts.post_of(request)) is not None:
            return cast("HttpResponseRedirect", sign_in_again(request, kept))
        to_login = redirect_to_login(
            wanted_page(request), self.get_login_url(view_func), self.get_redirect_field_name(view_func)
        )
        address = to_login.url
        if getattr(request, "session_ended", False):
            address += f"{'&' if urlsplit(address).query else '?'}ended="
        if request.headers.get("HX-Request") != "true":
            return HttpResponseRedirect(address)
        return cast("HttpResponseRedirect", HttpResponseClientRedirect(address))


def private_pages(get_response: Answer) -> Answer:
    """Middleware: mark answers to signed-in people as not to be stored, and their browsers as theirs; say what the
    browser need not offer.
    """

    def answer(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        response.setdefault("Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=()")
        if getattr(response, "database_lost", False):  # it would have to be asked who this is
            return response
        if request.user.is_authenticated and not response.has_header("Cache-Control"):
            add_never_cache_headers(response)
        whose.remember(request, response)
        return response

    return answer
