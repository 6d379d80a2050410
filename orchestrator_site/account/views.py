"""The pages of a person's own account."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.models import User
from django.contrib.auth.views import PasswordChangeView, PasswordResetConfirmView
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse_lazy
from django.utils.decorators import method_decorator

from processes.access import audit


def account(request: HttpRequest) -> HttpResponse:
    """Who one is here; open to everybody who is signed in, with a role or without."""
    return render(request, "account/account.html")


class OwnPassword(PasswordChangeView):
    """Change one's own password; the present one must be known. Those of the identity provider have none here."""

    template_name = "account/password.html"
    success_url = reverse_lazy("account:account")

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.user.is_authenticated and not request.user.has_usable_password():
            raise PermissionDenied("You sign in through the identity provider; your password is kept there.")
        return super().dispatch(request, *args, **kwargs)

    def form_valid(self, form: Any) -> HttpResponse:
        response = super().form_valid(form)
        _record_password(form.user)
        messages.success(self.request, "Your password was changed. Your other sessions have ended.")
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
