"""The list of processes: views as tabs, filters, a table, and the same as CSV."""

from dataclasses import dataclass
from uuid import uuid4

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from processes.access import permissions
from processes.access.permissions import Action
from processes.lists.tables import csv_parameters, csv_response
from processes.models import Process
from processes.queries.filters import VIEWS, ProcessFilter
from processes.views.tables import ProcessTable

_COLUMNS = (
    "id", "workflow_name", "workflow_version__workflow__description", "last_step", "status", "blocked_by_system",
    "created_by", "note", "started_at", "ended_at", "is_task",
)  # fmt: skip


@dataclass(frozen=True)
class Tab:
    label: str
    url: str
    active: bool
    count: int | None = None


@require_safe
def process_list(request: HttpRequest) -> HttpResponseBase:
    """All processes, or those of a view: active, failed, completed; `is_task` narrows to tasks or leaves them out."""
    permissions.check(request.user, Action.VIEW)
    found = ProcessFilter(request.GET, queryset=_in_view(request))
    table = ProcessTable(found.qs if found.is_valid() else found.queryset.none())
    table.sort(request)
    if request.GET.get("format") == "csv":
        return csv_response(table, "processes.csv")
    table.show(request)
    shown = {
        "table": table,
        "filter": found,
        "tabs": tabs(request),
        "is_task": _is_task(request),
        "idempotency_key": uuid4().hex,
        "csv_url": f"{request.path}?{csv_parameters(request)}",
    }
    return render(request, "processes/process_list.html", shown)


def tabs(request: HttpRequest) -> list[Tab]:
    """One tab a view; tasks are a view of their own, as the menu has them."""
    url = reverse("processes:list")
    view, is_task = request.GET.get("view", "all"), _is_task(request)
    made = [Tab(name.capitalize(), f"{url}?view={name}", view == name and not is_task) for name in VIEWS]
    return [*made[:-1], Tab("Tasks", f"{url}?is_task=true", bool(is_task)), made[-1]]


def _in_view(request: HttpRequest) -> QuerySet[Process]:
    view = VIEWS.get(request.GET.get("view", "all"), VIEWS["all"])
    found = Process.objects.select_related("workflow_version__workflow").prefetch_related("subjects").only(*_COLUMNS)
    is_task = _is_task(request)
    return found.filter(view) if is_task is None else found.filter(view, is_task=is_task)


def _is_task(request: HttpRequest) -> bool | None:
    return {"true": True, "false": False}.get(request.GET.get("is_task", "").lower())
