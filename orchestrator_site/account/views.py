"""The pages of a person's own account."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.models import User
from django.contrib.auth.views import PasswordChangeView, PasswordResetConfirmView
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse_lazy
from django.utils.decorators import method_decorator

from orchestrator_site.account import sessions
from orchestrator_site.account.password_form import OwnPasswordForm
from orchestrator_site.account.token_form import TokenForm
from orchestrator_site.auth import tokens
from processes.access import audit
from processes.access.permissions import Scope
from processes.lists.methods import require_POST, require_safe


@require_safe
def account(request: HttpRequest) -> HttpResponse:
    """Who one is here, with sessions and tokens; open to everybody who is signed in, with a role or without."""
    return _shown(request, TokenForm())


@require_POST
def make_token(request: HttpRequest) -> HttpResponse:
    """Make a token; its text is in this answer and nowhere else."""
    form = TokenForm(request.POST)
    if not form.is_valid():
        return _shown(request, form, status=400)
    given = form.cleaned_data
    _, text = tokens.make(_me(request), name=given["name"], scope=Scope(given["scope"]), life=form.life)
    return _shown(request, TokenForm(), made=text)


@require_POST
def end_token(request: HttpRequest, pk: int) -> HttpResponse:
    """End one of one's own tokens."""
    person = _me(request)
    tokens.end(person, [get_object_or_404(tokens.of_person(person), pk=pk)], by=person.username)
    return _done(request, "The token was ended.")


@require_POST
def end_tokens(request: HttpRequest) -> HttpResponse:
    """End all of one's own tokens."""
    person = _me(request)
    tokens.end_all(person, by=person.username, reason="")
    return _done(request, "All tokens were ended.")


@require_POST
def end_session(request: HttpRequest, pk: int) -> HttpResponse:
    """End one of one's own sessions."""
    person = _me(request)
    sessions.end(person, [get_object_or_404(sessions.of_person(person), pk=pk)], by=person.username)
    return _done(request, "The session was ended.")


@require_POST
def end_other_sessions(request: HttpRequest) -> HttpResponse:
    """End all of one's own sessions but the one that asks."""
    person = _me(request)
    others = sessions.of_person(person).exclude(session_key=request.session.session_key)
    sessions.end(person, list(others), by=person.username)
    return _done(request, "All other sessions were ended.")


def _me(request: HttpRequest) -> User:
    assert isinstance(request.user, User)
    return request.user


def _done(request: HttpRequest, text: str) -> HttpResponse:
    messages.success(request, text)
    return redirect("account:account")


def _shown(request: HttpRequest, form: TokenForm, *, made: str = "", status: int = 200) -> HttpResponse:
    person = _me(request)
    shown = {
        "form": form,
        "made": made,
        "tokens": list(tokens.of_person(person)),
        "sessions": list(sessions.of_person(person)),
        "present": request.session.session_key,
    }
    return render(request, "account/account.html", shown, status=status)


class OwnPassword(PasswordChangeView):
    """Change one's own password; the present one must be known. Those of the identity provider have none here."""

    form_class = OwnPasswordForm
    template_name = "account/password.html"
    success_url = reverse_lazy("account:account")

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.user.is_authenticated and not request.user.has_usable_password():
            raise PermissionDenied("You sign in through the identity provider; your password is kept there.")
        return super().dispatch(request, *args, **kwargs)

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "request": self.request}

    def form_invalid(self, form: Any) -> HttpResponse:
        response = super().form_invalid(form)
        if form.wait_seconds:
            response.status_code, response["Retry-After"] = 429, str(form.wait_seconds)
        return response

    def form_valid(self, form: Any) -> HttpResponse:
        response = super().form_valid(form)
        sessions.remember(self.request, form.user)
        _record_password(form.user)
        messages.success(self.request, "Your password was changed. Your other sessions and your tokens have ended.")
        return response


@method_decorator(login_not_required, name="dispatch")
class InvitedPassword(PasswordResetConfirmView):
    """Set a password by the link of an invitation; the link then no longer works."""

    template_name = "account/invitation.html"
    success_url = reverse_lazy("login")

    def form_valid(self, form: Any) -> HttpResponse:
        response = super().form_valid(form)
        _record_password(form.user)
        messages.success(self.request, "Your password was set. You can now sign in.")
        return response


def _record_password(person: User) -> None:
    audit.record("password_changed", by=person.username, kind="user", subject=person.pk)
