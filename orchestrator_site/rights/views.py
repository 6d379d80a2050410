"""Pages about rights: one's own for everybody, all others for administrators."""

from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from orchestrator_site.pages.unseen import unseen_kinds
from orchestrator_site.rights import questions
from processes.access.permissions import Action, AnyUser, check, decide, roles_of
from processes.lists.methods import require_safe
from processes.plugins import registry


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """The questions that are answered: each workflow, and people by name."""
    check(request.user, Action.ADMINISTER)
    search = request.GET.get("search", "").strip().replace("\0", "")[:150]
    people = User.objects.filter(username__icontains=search).order_by("username")[: questions.MOST_PEOPLE]
    workflows = sorted(registry.all_workflows().values(), key=lambda workflow: workflow.description)
    return render(request, "rights/index.html", {"workflows": workflows, "people": people, "search": search})


@require_safe
def mine(request: HttpRequest) -> HttpResponse:
    """What one may do oneself, and why."""
    return _of(request, request.user, may_ask=False)


@require_safe
def person(request: HttpRequest, pk: int) -> HttpResponse:
    """What a person may do, and why."""
    check(request.user, Action.ADMINISTER)
    return _of(request, get_object_or_404(User, pk=pk), may_ask=True)


@require_safe
def workflow(request: HttpRequest, workflow_name: str) -> HttpResponse:
    """Who may run a workflow. Raises UnknownWorkflow."""
    check(request.user, Action.ADMINISTER)
    asked = registry.get(workflow_name)
    search = request.GET.get("search", "").strip().replace("\0", "")[:150]
    people, has_more = questions.people_of(asked, search)
    shown = {"workflow": asked, "people": people, "has_more": has_more, "search": search, "verbs": questions.VERBS}
    return render(request, "rights/workflow.html", shown)


def _of(request: HttpRequest, user: AnyUser, *, may_ask: bool) -> HttpResponse:
    shown = {
        "person": user,
        "may_ask": may_ask,
        "roles": sorted(roles_of(user)),
        "actions": questions.actions_of(user),
        "workflows": questions.workflows_of(user),
        "verbs": questions.VERBS,
        "unseen": unseen_kinds(user) if decide(user, Action.START).allowed else [],
    }
    return render(request, "rights/person.html", shown)
