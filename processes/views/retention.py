"""What is kept for how long, and what would go now; removing it is a command's, since it takes its time."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from processes.access import permissions
from processes.access.permissions import Action
from processes.queries.retention import due


@require_safe
def retention(request: HttpRequest) -> HttpResponse:
    """Each kind of rows with its age limit, how many are over it, and the oldest of them."""
    permissions.check(request.user, Action.ADMINISTER)
    return render(request, "processes/retention.html", {"kinds": due()})
