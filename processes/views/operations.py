"""The engine on a page: does it run, who works, what waits, what went wrong; pause it, check its rows."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth.models import User
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from processes import actions
from processes.access import permissions
from processes.access.permissions import Action, decide
from processes.actions import EngineStatus
from processes.models import ExternalSystem
from processes.queries import external_systems, fleet, incidents, invariants

SHOWN_VIOLATIONS = 100


@require_safe
def engine(request: HttpRequest) -> HttpResponse:
    permissions.check(request.user, Action.WATCH)
    return render(request, "processes/engine.html", _live(request))


@require_safe
def engine_live(request: HttpRequest) -> HttpResponse:
    """What the page polls; the buttons come along when the engine is not in the state that the page has seen."""
    permissions.check(request.user, Action.WATCH)
    shown = _live(request)
    if request.GET.get("seen") != shown["engine"].state:
        shown = {**shown, "with_buttons": True}
    return render(request, "processes/_engine_live.html", shown)


@require_POST
def pause(request: HttpRequest) -> HttpResponse:
    """Let running steps finish, and nothing else begin."""
    return _switched(request, actions.pause, "Engine paused. Running steps will finish.")


@require_POST
def unpause(request: HttpRequest) -> HttpResponse:
    """Let processes go on."""
    return _switched(request, actions.unpause, "Engine resumed.")


@require_POST
def stop_calls(request: HttpRequest, name: str) -> HttpResponse:
    """Let no step call an external system until somebody allows it."""
    return _system_switched(request, actions.stop_calls, name, "stopped; running calls will finish.")


@require_POST
def allow_calls(request: HttpRequest, name: str) -> HttpResponse:
    """Let steps call it at once."""
    return _system_switched(request, actions.allow_calls, name, "allowed.")


@require_POST
def check(request: HttpRequest) -> HttpResponse:
    """Ask whether the engine's rows hold together, and show what does not."""
    permissions.check(request.user, Action.WATCH)
    found = invariants.violations()
    checked = {"checked": True, "violations": found[:SHOWN_VIOLATIONS], "number": len(found)}
    if request.headers.get("HX-Request") == "true":
        return render(request, "processes/_engine_check.html", checked)
    return render(request, "processes/engine.html", {**_live(request), **checked})


@require_POST
def retry_failed_tasks(request: HttpRequest) -> HttpResponse:
    """Retry every task that has failed."""
    assert isinstance(request.user, User)
    try:
        count = actions.retry_all(by=request.user, idempotency_key=request.POST.get("idempotency_key", "")[:255])
    except actions.Refused as error:
        messages.error(request, error.reason)
    else:
        messages.success(request, f"{count} failed task{'' if count == 1 else 's'} will be retried.")
    return redirect(f"{reverse('processes:list')}?is_task=true")


def _switched(request: HttpRequest, switch: Callable[..., EngineStatus], told: str) -> HttpResponse:
    assert isinstance(request.user, User)
    switch(by=request.user)
    messages.success(request, told)
    return redirect("processes:engine")


def _system_switched(request: HttpRequest, switch: Callable[..., None], name: str, told: str) -> HttpResponse:
    assert isinstance(request.user, User)
    try:
        switch(name, by=request.user)
    except ExternalSystem.DoesNotExist as error:
        raise Http404("There is no external system with this name.") from error
    messages.success(request, f"Calls to {name} {told}")
    return redirect("processes:engine")


def _live(request: HttpRequest) -> dict[str, Any]:
    return {
        "engine": actions.engine_status(),
        "backlog": fleet.backlog(),
        "workers": fleet.workers(),
        "systems": external_systems.rows(),
        "standing": incidents.standing(),
        "incidents": incidents.latest(),
        "may_pause": decide(request.user, Action.PAUSE),
    }
