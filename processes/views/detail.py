"""One process as a page, its state as another, and all of it as a file. How the page lives: `live`."""

from uuid import UUID

import orjson
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from processes import queries
from processes.access import permissions
from processes.access.permissions import Action
from processes.api.rows import detail_row
from processes.lists.methods import require_safe
from processes.models import Process
from processes.views.live import folds_named, revision_of, whole_page


@require_safe
def process_detail(request: HttpRequest, process_id: UUID) -> HttpResponse:
    permissions.check(request.user, Action.VIEW)
    revision = revision_of(process_id)
    steps = queries.page_steps(revision.process, _opened(request, revision.process))
    return render(request, "processes/process_detail.html", whole_page(revision, request.user, steps))


@require_safe
def process_state(request: HttpRequest, process_id: UUID) -> HttpResponse:
    """The state as a page."""
    permissions.check(request.user, Action.VIEW)
    process = found(process_id)
    shown = {"process": process, "state": queries.current_state(process.pk)}
    return render(request, "processes/process_state.html", shown)


@require_safe
def process_export(request: HttpRequest, process_id: UUID) -> HttpResponse:
    """Everything about a process as a JSON file."""
    permissions.check(request.user, Action.VIEW)
    process = found(process_id)
    option = orjson.OPT_INDENT_2 | orjson.OPT_UTC_Z | orjson.OPT_NON_STR_KEYS
    body = orjson.dumps(detail_row(process), default=str, option=option)
    disposition = {"Content-Disposition": f'attachment; filename="process-{process.pk}.json"'}
    return HttpResponse(body, content_type="application/json", headers=disposition)


def _opened(request: HttpRequest, process: Process) -> set[int]:
    """The folds that the address names: by number, or by the id of the element of a step in it."""
    plan = queries.plan_of(process)
    paths = {plan.by_anchor.get(anchor, "") for anchor in request.GET.getlist("at")} & plan.places.keys()
    return folds_named(request) | {plan.fold_of(path) for path in paths}


def found(process_id: UUID) -> Process:
    """The process, or 404."""
    try:
        return queries.find(process_id)
    except Process.DoesNotExist as error:
        raise Http404("There is no process with this id.") from error
