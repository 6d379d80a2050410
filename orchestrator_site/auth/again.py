"""Forms whose session or token had ended: sign in on the spot, and go on with what was typed.

Where the form can be shown again, it is; any other is sent again by a button, with what it says beside it.
"""

from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.forms import AuthenticationForm
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render, resolve_url
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.debug import sensitive_post_parameters

from orchestrator_site.auth import kept_posts, waiting_forms
from orchestrator_site.auth.kept_posts import KeptPost
from orchestrator_site.auth.pages import shows
from processes.access.permissions import StepUpRequired
from processes.forms import AGAIN
from processes.lists.methods import require_safe

ENDED = "Your session has ended. Sign in again: what you typed is kept."
TOO_LONG = (
    "Your session has ended, and what you typed is too long to be kept. Go back in your browser, copy it, and sign in."
)
TOO_OLD = "This page was too old to sign in with. Try again."
ANOTHERS = "What was typed before the sign-in belongs to another user. It was not sent."
GONE = "What you typed before the sign-in is no longer kept."


def sign_in_again(request: HttpRequest, kept: KeptPost) -> HttpResponse:
    """The sign-in page in place of an answer to a form; it carries what was typed."""
    notice, sealed = (TOO_LONG, "") if kept.is_too_long else (ENDED, kept.sealed)
    return _sign_in_page(request, notice=notice, next_page=kept.page, kept=sealed, status=401)


def send_again(request: HttpRequest, kept: KeptPost, *, goes_on: bool = False, status: int = 200) -> HttpResponse:
    """The page from which a form goes on; by itself where `goes_on` and the form is only shown then.

    What another person typed is not shown: the page of that form is, with a message.
    """
    if not kept.is_of(request.user):
        messages.error(request, ANOTHERS)
        return redirect(kept.page)
    fields = [*kept.fields, *([(AGAIN, "1")] if kept.shows_again else [])]
    shown = {"kept": kept, "fields": fields, "goes_on": goes_on and kept.shows_again, "shows_again": kept.shows_again}
    return render(request, "registration/kept.html", shown, status=status)


def sign_in_stronger(request: HttpRequest, error: StepUpRequired) -> HttpResponse:
    """The refusal of an act that asks for a stronger sign-in; the way there keeps what was typed."""
    kept = kept_posts.post_of(request)
    sealed = kept.sealed if kept is not None and not kept.is_too_long else ""
    shown = {"exception": str(error), "acr": error.acr, "kept": sealed, "next": kept.page if kept else ""}
    return render(request, "403.html", shown, status=403)


@require_safe
def waiting_form(request: HttpRequest, form_id: UUID) -> HttpResponse:
    """What somebody typed before the identity provider signed them in; nothing is sent by itself."""
    assert isinstance(request.user, User)
    kept = waiting_forms.of(form_id, request.user)
    if kept is None:
        messages.error(request, GONE)
        return redirect(settings.LOGIN_REDIRECT_URL)
    return send_again(request, kept)


@sensitive_post_parameters()
def without_token(request: HttpRequest) -> HttpResponse:
    """A form without a valid token: of another site, or one of ours from before the last sign-in.

    Browsers say from where a form comes (Origin). What comes from elsewhere is refused, and nothing of it is shown.
    """
    if not _is_ours(request):
        return render(request, "registration/refused_form.html", status=403)
    if request.path in {resolve_url(settings.LOGIN_URL), reverse("oidc_authentication_init")}:
        return _second_sign_in(request)
    kept = kept_posts.post_of(request)
    if kept is None or (kept.is_too_long and request.user.is_authenticated):
        shown = {"too_long": kept is not None}
        return render(request, "registration/refused_form.html", shown, status=403)
    if not request.user.is_authenticated:
        return sign_in_again(request, kept)
    return send_again(request, kept, status=403)


def _second_sign_in(request: HttpRequest) -> HttpResponse:
    """Who has signed in elsewhere meanwhile goes on; anybody else tries again, with the name that was typed."""
    wanted = request.POST.get("next", "")
    kept = request.POST.get(kept_posts.FIELD, "")
    if not request.user.is_authenticated:
        return _sign_in_page(request, notice=TOO_OLD, next_page=wanted, kept=kept, status=403)
    found = kept_posts.opened(kept)
    if found is not None:
        return send_again(request, found, goes_on=True)
    is_safe = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure())
    return redirect(wanted if is_safe else settings.LOGIN_REDIRECT_URL)


def _is_ours(request: HttpRequest) -> bool:
    return request.headers.get("Origin", "") == f"{request.scheme}://{request.get_host()}"


def _sign_in_page(request: HttpRequest, *, notice: str, next_page: str, kept: str, status: int) -> HttpResponse:
    form = AuthenticationForm(request, initial={"username": request.POST.get("username", "")[:150]})
    shown = {"form": form, "next": next_page, "kept": kept, "notice": notice, **shows(local=True)}
    return render(request, "registration/login.html", shown, status=status)
