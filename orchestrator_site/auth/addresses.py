"""Addresses that others name: the page somebody wanted, and where an address leads."""

from urllib.parse import urlsplit

from django.http import HttpRequest
from django.urls import get_script_prefix
from django.utils.http import url_has_allowed_host_and_scheme


def wanted_page(request: HttpRequest) -> str:
    """The page to come back to after signing in: this one, or the one in the browser's address line.

    That is another one when htmx fetches a part of it, or a form is sent to an address that is no page.
    """
    if request.headers.get("HX-Request") == "true":
        return own_page(request, request.headers.get("HX-Current-URL", ""))
    referer = request.headers.get("Referer", "")
    if request.method in {"GET", "HEAD"} or not referer:
        return request.get_full_path()
    return own_page(request, referer)


def own_page(request: HttpRequest, address: str) -> str:
    """Path and query of an address of this site; its start page when it is none."""
    home = get_script_prefix()
    if not url_has_allowed_host_and_scheme(address, {request.get_host()}, require_https=request.is_secure()):
        return home
    parts = urlsplit(address)
    if not parts.path.startswith(home):  # of another site of this host
        return home
    return f"{parts.path}?{parts.query}" if parts.query else parts.path


def origin_of(address: str) -> str:
    """Scheme and host of an address, as a Content-Security-Policy names it."""
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc}"
