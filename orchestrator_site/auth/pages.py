"""The sign-in page with a message above its form, for whoever has to tell why somebody is not signed in."""

from django.conf import settings
from django.contrib.auth.forms import AuthenticationForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from orchestrator_site.auth.local import breaks_glass


def sign_in_page(
    request: HttpRequest, text: str, *, status: int, next_page: str = "", retry_after: int = 0, kept: str = ""
) -> HttpResponse:
    """The page; what somebody wanted to see, and had typed, is kept for when the sign-in succeeds."""
    form = AuthenticationForm(request, data={})
    form.errors.clear()
    form.add_error(None, text)
    kept = kept or request.POST.get("kept", "")
    context = {"form": form, "next": next_page, "kept": kept, **shows(local=bool(kept))}
    response = render(request, "registration/login.html", context, status=status)
    if retry_after:
        response["Retry-After"] = str(retry_after)
    return response


def shows(*, local: bool) -> dict[str, bool]:
    """What the page offers: the provider, and the form for a password, where that is not for emergencies alone."""
    return {"oidc_enabled": settings.OIDC_ENABLED, "local_form": local or not breaks_glass()}
