"""Refuse a request by its outside: an address that is too long, a body that is too large, a NUL that nobody stores.

What a form contains is looked at last, when it is known who posts it.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any
from urllib.parse import unquote_to_bytes

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

from orchestrator_site.pages.faults import is_api, refused
from orchestrator_site.rest.problem import TOO_LARGE, Problem
from processes.lists.filters import MOST_WORDS

LONGEST_ADDRESS = 4094
"""Characters of path and query, as many as gunicorn takes in a request line by default."""
PAGE_METHODS = ("GET", "HEAD", "POST", "PUT", "OPTIONS")
API_METHODS = (*PAGE_METHODS, "PATCH", "DELETE")
"""What nobody answers (TRACE, made-up words) is refused before it is asked who asks; the rest is each view's."""
FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")
_NO_SUCH_METHOD = Problem(405, "Nothing here answers this method.")
_TOO_LONG = Problem(414, f"An address has at most {LONGEST_ADDRESS} characters.", title="Address too long")
_TOO_MANY_WORDS = Problem(400, f"Search for at most {MOST_WORDS} words.")
"""Django's admin makes a condition of each; SQLite takes a thousand."""
MOST_ROWS = 500
"""Of a form with rows; Django takes a thousand fields in all."""
_TOO_MANY_ROWS = Problem(400, f"A form has at most {MOST_ROWS} rows.")
_REPLACED = "\N{REPLACEMENT CHARACTER}"
"""What Django reads in place of bytes that are no text."""
_NOT_UTF_8 = Problem(400, "The form is not written in UTF-8.")
_NUL = Problem(400, "The request contains a NUL character.")


def bounded(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponseBase]:
    """Middleware before all that reads a session or a body: an address and a length that are too much get no further.

    Who shows no credentials may send ANONYMOUS_UPLOAD_MAX_MEMORY_SIZE bytes, enough to sign in.
    """

    def answer(request: HttpRequest) -> HttpResponseBase:
        methods = API_METHODS if is_api(request) else PAGE_METHODS
        if request.method not in methods:
            return refused(request, replace(_NO_SUCH_METHOD, headers={"Allow": ", ".join(methods)}))
        query = request.META.get("QUERY_STRING", "")
        if len(request.path_info) + len(query) > LONGEST_ADDRESS:
            return refused(request, _TOO_LONG)
        if "\0" in request.path_info or "%00" in query or "\0" in query or _has_nul_in_cookie(request):
            return refused(request, _nul_in(request))
        if request.path_info.startswith("/admin/") and len(request.GET.get("q", "").split()) > MOST_WORDS:
            return refused(request, _TOO_MANY_WORDS)
        if _length(request) > most_bytes(request):
            return refused(request, TOO_LARGE)
        return get_response(request)

    return answer


def most_bytes(request: HttpRequest) -> int:
    """How long the body may be."""
    shown = "Authorization" in request.headers or settings.SESSION_COOKIE_NAME in request.COOKIES
    most: int = settings.DATA_UPLOAD_MAX_MEMORY_SIZE if shown else settings.ANONYMOUS_UPLOAD_MAX_MEMORY_SIZE
    return most


class StorableForms:
    """Middleware behind the sign-in: a posted form with a NUL in a name or value is refused as a whole, one with bytes
    that are no text, and one that says to have more rows than it can bring: Django would make and show each of them.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: Any, kwargs: Any
    ) -> HttpResponseBase | None:
        if request.method != "POST" or request.content_type not in FORMS or is_api(request):
            return None
        texts = [str(text) for name, values in request.POST.lists() for text in (name, *values)]
        if any("\0" in text for text in texts):
            return refused(request, _NUL)
        if any(_REPLACED in text for text in texts) and not _says_so_itself(request):
            return refused(request, _NOT_UTF_8)
        return refused(request, _TOO_MANY_ROWS) if any(map(_says_too_many_rows, request.POST.lists())) else None


def _says_so_itself(request: HttpRequest) -> bool:
    """Whether a form that has this sign spells it, and it does not stand for bytes that are no UTF-8."""
    if request.content_type != FORMS[0]:
        return False
    try:
        unquote_to_bytes(request.body).decode()
    except UnicodeDecodeError:
        return False
    return True


def _nul_in(request: HttpRequest) -> Problem:
    """The refusal, with the parameters that have one."""
    named = [name for name, values in request.GET.lists() if "\0" in name or any("\0" in value for value in values)]
    errors = {name.replace("\0", ""): ["NUL characters are not allowed."] for name in named}
    return replace(_NUL, extra={"errors": errors}) if errors else _NUL


def _says_too_many_rows(field: tuple[str, Sequence[object]]) -> bool:
    name, values = field
    return name.endswith("-TOTAL_FORMS") and any(_number(str(value)) > MOST_ROWS for value in values)


def _number(text: str) -> float:
    """The number that a text says; 0 when it says none, which the form itself refuses."""
    try:
        return float(text)
    except ValueError:
        return 0


def _has_nul_in_cookie(request: HttpRequest) -> bool:
    """Whether a quoted cookie spells one."""
    return "\\000" in request.META.get("HTTP_COOKIE", "") and any("\0" in value for value in request.COOKIES.values())


def _length(request: HttpRequest) -> int:
    """The length of the body as the server found it; what is no number is nobody's."""
    text = request.META.get("CONTENT_LENGTH") or "0"
    return int(text) if text.isdecimal() else 0
