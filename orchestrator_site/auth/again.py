"""Forms whose session or token had ended: sign in on the spot, and go on with what was typed.

Where the form can be shown again, it is; any other is sent again by a button, with what it says beside it.
"""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.forms import AuthenticationForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render, resolve_url
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.debug import sensitive_post_parameters

from orchestrator_site.auth import kept_posts
from orchestrator_site.auth.kept_posts import KeptPost
from orchestrator_site.auth.pages import shows
from processes.forms import AGAIN

ENDED = "Your session has ended. Sign in again: what you typed is kept."
ENDED_WITH_PROVIDER = "Your session has ended. What you typed is kept if you sign in with a local account."
ANOTHERS = "What was typed before the sign-in belongs to another user. It was not sent."
TOO_OLD = "This page was too old to sign in with. Try again."


def sign_in_again(request: HttpRequest, kept: KeptPost) -> HttpResponse:
    """The sign-in page in place of an answer to a form; it carries what was typed."""
    notice = ENDED_WITH_PROVIDER if settings.OIDC_ENABLED else ENDED
    return _sign_in_page(request, notice=notice, next_page=kept.page, kept=kept.sealed(), status=401)


def send_again(request: HttpRequest, kept: KeptPost, *, goes_on: bool, status: int = 200) -> HttpResponse:
    """The page from which a form goes on; by itself where `goes_on`, since then it only shows the form.

    What another person typed is not shown: the page of that form is, with a message.
    """
    if not kept.is_of(request.user):
        messages.error(request, ANOTHERS)
        return redirect(kept.page)
    fields = [*kept.fields, *([(AGAIN, "1")] if kept.shows_again else [])]
    shown = {"kept": kept, "fields": fields, "goes_on": goes_on, "shows_again": kept.shows_again}
    return render(request, "registration/kept.html", shown, status=status)


@sensitive_post_parameters()
def without_token(request: HttpRequest) -> HttpResponse:
    """A form without a valid token: of another site, or one of ours from before the last sign-in.

    Browsers say from where a form comes (Origin). What comes from elsewhere is refused, and nothing of it is shown.
    """
    if not _is_ours(request):
        return render(request, "registration/refused_form.html", status=403)
    if request.path == resolve_url(settings.LOGIN_URL):
        return _second_sign_in(request)
    kept = kept_posts.post_of(request)
    if kept is None:
        return render(request, "registration/refused_form.html", status=403)
    if not request.user.is_authenticated:
        return sign_in_again(request, kept)
    return send_again(request, kept, goes_on=False, status=403)


def _second_sign_in(request: HttpRequest) -> HttpResponse:
    """Who has signed in elsewhere meanwhile goes on; anybody else tries again, with the name that was typed."""
    wanted = request.POST.get("next", "")
    kept = request.POST.get(kept_posts.FIELD, "")
    if not request.user.is_authenticated:
        return _sign_in_page(request, notice=TOO_OLD, next_page=wanted, kept=kept, status=403)
    found = kept_posts.opened(kept)
    if found is not None:
        return send_again(request, found, goes_on=found.shows_again)
    is_safe = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure())
    return redirect(wanted if is_safe else settings.LOGIN_REDIRECT_URL)


def _is_ours(request: HttpRequest) -> bool:
    return request.headers.get("Origin", "") == f"{request.scheme}://{request.get_host()}"


def _sign_in_page(request: HttpRequest, *, notice: str, next_page: str, kept: str, status: int) -> HttpResponse:
    form = AuthenticationForm(request, initial={"username": request.POST.get("username", "")[:150]})
    shown = {"form": form, "next": next_page, "kept": kept, "notice": notice, **shows(local=True)}
    return render(request, "registration/login.html", shown, status=status)
