"""The engine on a page: does it run, who works, what waits, what went wrong; pause it, check its rows."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.contrib.auth.models import User
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotModified
from django.shortcuts import redirect, render
from django.urls import reverse

from processes import actions
from processes.access import permissions
from processes.access.permissions import Action, Decision, decide
from processes.access.viewer import narrowed, seen_ids
from processes.actions import EngineStatus
from processes.lists.methods import require_POST, require_safe
from processes.models import ExternalSystem, Process
from processes.queries import external_systems, fleet, incidents, invariants
from processes.queries.external_systems import SystemRow
from processes.queries.fleet import Backlog, EngineState, WorkerRow
from processes.queries.incidents import Incident
from processes.views import etags

SHOWN_VIOLATIONS = 100
_BEATS_SECONDS = 20
"""How old the sign of life of a worker may be on an open page."""


@require_safe
def engine(request: HttpRequest) -> HttpResponse:
    permissions.check(request.user, Action.WATCH)
    return render(request, "processes/engine.html", _live(request))


@require_safe
def engine_live(request: HttpRequest) -> HttpResponse:
    """The parts that are not as the ETag of the page says: 304 when there are none, all without an ETag of ours."""
    permissions.check(request.user, Action.WATCH)
    shown = _live(request)
    now, etag = shown["digests"], shown["etag"]
    seen = etags.digests_in(request.headers.get("If-None-Match", ""), now)
    if seen == now:
        return HttpResponseNotModified(headers={"ETag": etag})
    if seen is None:
        response = render(request, "processes/_engine_live.html", shown)
        response["HX-Retarget"], response["HX-Reswap"] = "#live", "outerHTML"
    else:
        differs = {part: seen[part] != now[part] for part in now}
        response = render(request, "processes/_engine_news.html", {**shown, "differs": differs})
    response["ETag"] = etag
    return response


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
    shown_ids = seen_ids(Process, [one.process_id for one in found if one.process_id])
    found = [one for one in found if one.process_id is None or one.process_id in shown_ids]
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
    processes = narrowed(Process.objects.all())
    systems = external_systems.rows(processes)
    shown: dict[str, Any] = {
        "engine": actions.engine_status(processes),
        "backlog": fleet.backlog(processes),
        "workers": fleet.workers(),
        "systems": systems,
        "standing": [system for system in systems if not system.is_closed],
        "incidents": incidents.latest(),
        "may_pause": decide(request.user, Action.PAUSE),
    }
    digests = _digests(**shown)
    return {**shown, "digests": digests, "etag": etags.etag_of(digests)}


def _digests(
    *,
    engine: EngineStatus,
    backlog: Backlog,
    workers: Sequence[WorkerRow],
    systems: Sequence[SystemRow],
    standing: Sequence[SystemRow],
    incidents: Sequence[Incident],
    may_pause: Decision,
) -> Mapping[str, str]:
    """A digest of each part of the page. What only counts time is left out: the page counts on by itself."""
    pausing = engine.running if engine.state == EngineState.PAUSING else 0
    counts = replace(backlog, oldest_ready_seconds=0.0)
    parts = {
        "state": (engine.state, engine.paused_by, pausing, backlog.ready > 0, backlog.oldest_ready_at),
        "tiles": replace(counts, oldest_ready_at=None),
        "workers": [_worker(worker) for worker in workers],
        "systems": (systems, may_pause),
        "incidents": (standing, [_incident(incident) for incident in incidents]),
        "verbs": (engine.state == EngineState.RUNNING, may_pause),
        "dialogs": (engine.state == EngineState.RUNNING, may_pause, [system.name for system in systems]),
        "paused": engine.state == EngineState.RUNNING,
    }
    return {part: etags.digest(value) for part, value in parts.items()}


def _worker(worker: WorkerRow) -> tuple[object, ...]:
    """What is shown of a worker; of its signs of life one in a while, since the page counts on from the last it has."""
    process = worker.process
    step = (process.pk, process.position_path, process.attempt_started_at) if process else ()
    return worker.id, worker.state, step, worker.beat_at.timestamp() // _BEATS_SECONDS


def _incident(incident: Incident) -> tuple[object, ...]:
    return incident.row_id, incident.kind, incident.process.status
