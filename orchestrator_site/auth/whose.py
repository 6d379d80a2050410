"""Whose a browser is after its session has ended: a signed cookie that gives no rights, and outlives the session.

What somebody typed is opened for the same person alone. Without the cookie nobody knows whose it is.
"""

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.http import HttpRequest, HttpResponse

_SALT = "whose"


def remember(request: HttpRequest, response: HttpResponse) -> None:
    """Mark the browser of who is signed in by a session; of those with a token there is none."""
    if not request.session.accessed or SESSION_KEY not in request.session:
        return
    key = str(request.session[SESSION_KEY])
    if _marked(request) != key:
        response.set_signed_cookie(
            settings.WHOSE_COOKIE_NAME,
            key,
            salt=_SALT,
            max_age=settings.SESSION_COOKIE_AGE,
            path=settings.SESSION_COOKIE_PATH,
            secure=settings.SESSION_COOKIE_SECURE,
            httponly=True,
            samesite="Lax",
        )


def person_of(request: HttpRequest) -> int | None:
    """The key of the user who is signed in, or was last; None where nobody knows."""
    if request.user.is_authenticated:
        return int(request.user.pk)
    key = _marked(request)
    return int(key) if key else None


def _marked(request: HttpRequest) -> str:
    return str(
        request.get_signed_cookie(
            settings.WHOSE_COOKIE_NAME, default="", salt=_SALT, max_age=settings.SESSION_COOKIE_AGE
        )
        or ""
    )
