"""Pages of the site itself: the start page."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from orchestrator_site.dashboard import dashboard
from processes.permissions import Action, check


def home(request: HttpRequest) -> HttpResponse:
    """What waits for a person, what is wrong, what is new."""
    check(request.user, Action.VIEW)
    return render(request, "home.html", {"dashboard": dashboard(request.user.get_username())})
