"""What the audit trail learns of each request: where it came from, and that it was refused."""

import base64
import binascii
import logging
from collections.abc import Callable, Iterator

from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse

from orchestrator_site.auth.limiter import address_of
from processes.access import refusals
from processes.access.origin import Origin, coming_from
from processes.access.permissions import AnyUser
from processes.access.viewer import Viewer, shown_to

logger = logging.getLogger(__name__)

REFUSED = {401: "sign_in_failed", 403: "refused", 429: "throttled"}


def followed(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware behind that which finds out who asks: say where it comes from, and record what was refused.

    An answer of 401 to a request without credentials refused nobody.
    """

    def answer(request: HttpRequest) -> HttpResponse:
        came = Origin(address_of(request), request.headers.get("User-Agent", ""))

        def viewer() -> AnyUser:
            return request.user

        with coming_from(came), shown_to(viewer):
            response = get_response(request)
            if isinstance(response, StreamingHttpResponse):
                response.streaming_content = _streamed(iter(response), viewer)
            if response.status_code in REFUSED and not getattr(response, "refusal_recorded", False):
                _record(request, response)
        return response

    return answer


def _streamed(parts: Iterator[bytes], viewer: Viewer) -> Iterator[bytes]:
    """The parts of a file that is made while it is sent: when the request is over, the same person looks."""
    while True:
        with shown_to(viewer):
            part = next(parts, None)
        if part is None:
            return
        yield part


def _record(request: HttpRequest, response: HttpResponse) -> None:
    claimed = claimed_name(request)
    if response.status_code == 401 and not request.headers.get("Authorization"):
        return
    detail = {"method": request.method, "path": request.path[:200]}
    by = request.user.get_username() if request.user.is_authenticated else ""
    try:
        refusals.record(REFUSED[response.status_code], by=by, claimed=claimed, detail=detail)
    except DatabaseError:
        logger.exception("A refusal was not recorded")


def claimed_name(request: HttpRequest) -> str:
    """The name that came with a password; empty when none did."""
    kind, _, secret = request.headers.get("Authorization", "").partition(" ")
    if kind.lower() != "basic":
        return request.POST.get("username", "") if request.method == "POST" and _is_form(request) else ""
    try:
        return base64.b64decode(secret).decode("utf-8", "replace").partition(":")[0]
    except (binascii.Error, ValueError):
        return ""


def _is_form(request: HttpRequest) -> bool:
    return (request.content_type or "").startswith(("application/x-www-form-urlencoded", "multipart/"))
