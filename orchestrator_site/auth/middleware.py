"""Every page needs a sign-in unless it says otherwise; what signed-in people see is not kept in caches."""

from collections.abc import Callable
from typing import Any, cast

from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.cache import add_never_cache_headers
from django_htmx.http import HttpResponseClientRedirect

from orchestrator_site.auth.addresses import shown_page


class SignInRequired(LoginRequiredMiddleware):
    """Django's middleware, which also answers htmx in its own way: a redirect it would follow into a part of a page."""

    def handle_no_permission(self, request: HttpRequest, view_func: Callable[..., Any]) -> HttpResponseRedirect:
        if request.headers.get("HX-Request") != "true":
            return super().handle_no_permission(request, view_func)
        to_login = redirect_to_login(
            shown_page(request), self.get_login_url(view_func), self.get_redirect_field_name(view_func)
        )
        return cast("HttpResponseRedirect", HttpResponseClientRedirect(to_login.url))


def private_pages(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware: mark answers to signed-in people as not to be stored, and say what the browser need not offer."""

    def answer(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        response.setdefault("Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=()")
        if request.user.is_authenticated and not response.has_header("Cache-Control"):
            add_never_cache_headers(response)
        return response

    return answer
