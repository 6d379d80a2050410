"""The list of processes: views as tabs, filters, a table, and the same as a file."""

from uuid import uuid4

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponseBase
from django.urls import reverse

from processes.access import permissions
from processes.access.permissions import Action
from processes.lists.methods import require_safe
from processes.lists.pages import Tab, list_page
from processes.models import Process
from processes.queries.filters import VIEWS, ProcessFilter
from processes.views.tables import ProcessTable

_FLAGS = {"true": True, "false": False}


@require_safe
def process_list(request: HttpRequest) -> HttpResponseBase:
    """All processes, or those of a view: active, failed, completed; `is_task` narrows to tasks or leaves them out."""
    permissions.check(request.user, Action.VIEW)
    return list_page(
        request,
        ProcessFilter(request.GET, queryset=_in_view(request)),
        ProcessTable,
        template="processes/process_list.html",
        name="processes",
        context={"tabs": tabs(request), "is_task": _is_task(request), "idempotency_key": uuid4().hex},
        choices={"view": VIEWS, "is_task": _FLAGS},
    )


def tabs(request: HttpRequest) -> list[Tab]:
    """One tab a view; tasks are a view of their own, as the menu has them."""
    url = reverse("processes:list")
    view, is_task = request.GET.get("view", "all"), _is_task(request)
    made = [Tab(name.capitalize(), f"{url}?view={name}", view == name and not is_task) for name in VIEWS]
    return [*made[:-1], Tab("Tasks", f"{url}?is_task=true", bool(is_task)), made[-1]]


def _in_view(request: HttpRequest) -> QuerySet[Process]:
    view = VIEWS.get(request.GET.get("view", "all"), VIEWS["all"])
    is_task = _is_task(request)
    rows = permissions.visible(Process.objects.filter(view), request.user)
    return rows if is_task is None else rows.filter(is_task=is_task)


def _is_task(request: HttpRequest) -> bool | None:
    return _FLAGS.get(request.GET.get("is_task", "").lower())
