"""One subscription: what it is, what it consists of, what can be started on it, and what happened to it."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from processes.access import permissions
from processes.access.permissions import Action
from processes.lists import labels
from processes.models import Process, ResourceLock
from subscriptions import actions, queries
from subscriptions.display.cards import block_cards, start_groups, subscription_link
from subscriptions.display.history import history_rows
from subscriptions.models import Subscription
from subscriptions.queries.starting import lock_key

MOST_PROCESSES = 20
MOST_RELATED = 50


@require_safe
def subscription_detail(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Everything about one subscription; it refreshes itself while a process works on it."""
    permissions.check(request.user, Action.VIEW)
    subscription = queries.get(pk)
    row = get_object_or_404(Subscription.objects.select_related("product", "customer"), pk=pk)
    context = {
        "subscription": row,
        "cards": block_cards(subscription),
        "fixed_inputs": [
            {"label": labels.name(fixed.name), "value": fixed.value} for fixed in subscription.product.schema.inputs
        ],
        "groups": start_groups(queries.startable(pk, request.user), pk),
        "processes": _processes(pk),
        "is_busy": ResourceLock.objects.filter(resource=lock_key(pk)).exists(),
        "history": history_rows(pk),
        "may_set_in_sync": permissions.decide(request.user, Action.SET_IN_SYNC),
        **_related(pk),
    }
    return render(request, "subscriptions/subscription_detail.html", context)


@require_POST
def set_in_sync(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Say that it agrees with reality, and show it again."""
    try:
        actions.set_in_sync(pk, by=request.user)
        messages.success(request, "The subscription is in sync.")
    except actions.UnfinishedProcesses as error:
        messages.error(request, str(error))
    return redirect("subscriptions:detail", pk)


def _processes(pk: UUID) -> Any:
    rows = Process.objects.about("subscription", str(pk)).select_related("workflow_version__workflow")
    return rows.order_by("-started_at")[:MOST_PROCESSES]


def _related(pk: UUID) -> dict[str, Any]:
    """Those it uses and those that use it, as links with status and flag."""
    found = {"uses": queries.depends_on(pk), "users": queries.in_use_by(pk)}
    return {
        name: [
            (subscription_link(one.pk, one.description), one) for one in rows.select_related("product")[:MOST_RELATED]
        ]
        for name, rows in found.items()
    }
