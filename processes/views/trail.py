"""What the audit trail says of one object: a page, and a part of the object's own page."""

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from processes.access import permissions, trail
from processes.access.kinds import Ref, kinds
from processes.access.permissions import Action
from processes.lists.methods import require_safe


@require_safe
def object_trail(request: HttpRequest, kind: str, key: UUID) -> HttpResponse:
    """The latest acts on an object, for those who may see it; where they came from is for administrators."""
    if kind not in kinds():
        raise Http404("There is no trail of this kind.")
    permissions.check(request.user, Action.VIEW, Ref(kind, key))
    if kinds()[kind].facts(key) is None:  # of what is gone nobody knows any more who might see it
        permissions.check(request.user, Action.ADMINISTER)
    shown = {
        "kind": kind,
        "events": trail.of(kind, key),
        "with_origin": permissions.decide(request.user, Action.ADMINISTER).allowed,
    }
    part = request.headers.get("HX-Request") == "true"
    return render(request, "processes/_trail.html" if part else "processes/trail.html", shown)
