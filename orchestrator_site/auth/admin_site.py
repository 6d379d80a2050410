"""The admin site: the modelling tool for those who may edit the catalogue, with the sign-in of all other pages."""

from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.decorators import method_decorator
from unfold.sites import UnfoldAdminSite

from orchestrator_site.auth.views import SignOut
from processes.access.permissions import Action, check, decide


class SiteAdmin(UnfoldAdminSite):
    """Asks `processes.access.permissions` instead of the staff flag."""

    def has_permission(self, request: HttpRequest) -> bool:
        return decide(request.user, Action.EDIT_CATALOGUE).allowed

    @method_decorator(login_not_required)
    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """Nobody has a second password for this; who is signed in and not allowed is told why."""
        wanted = request.GET.get("next") or f"/{self.name}/"
        if not request.user.is_authenticated:
            return redirect_to_login(wanted)
        check(request.user, Action.EDIT_CATALOGUE)
        return redirect("admin:index")

    def password_change(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """There is one page for this."""
        return redirect("account:password")

    def admin_view(self, view: Any, cacheable: bool = False) -> Any:
        """Everybody may sign out, also those who may not be here."""
        return view if view == self.logout else super().admin_view(view, cacheable)

    def logout(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        return SignOut.as_view()(request)
