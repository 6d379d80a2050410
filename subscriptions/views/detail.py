"""One subscription: what it is, what it consists of, what can be started on it, and what happened to it."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.shortcuts import redirect, render

from processes.access import permissions
from processes.access.permissions import Action, roles_of
from processes.access.viewer import seen
from processes.lists import labels
from processes.lists.methods import require_POST, require_safe
from processes.lists.values import for_people
from processes.models import Process
from processes.queries.subjects import listed as listed_processes
from processes.store.listed import ListedProcess
from processes.views.etags import digest, etag_of
from subscriptions import actions, queries
from subscriptions.display.cards import block_cards, start_groups
from subscriptions.display.drift import drift_lines
from subscriptions.display.history import history_rows
from subscriptions.queries.listed import listed
from subscriptions.queries.related import related
from subscriptions.queries.revision import revision
from subscriptions.queries.starting import candidate, start_options
from subscriptions.queries.unseen import unseen_owners
from subscriptions.queries.validations import verdicts

MOST_PROCESSES = 20


@require_safe
def subscription_detail(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Everything about one subscription; while a process works on it the page asks again, with its ETag."""
    permissions.check(request.user, Action.VIEW)
    etag = etag_of({"page": digest(revision(pk), sorted(roles_of(request.user)))})
    if request.headers.get("If-None-Match") == etag:
        return HttpResponseNotModified(headers={"ETag": etag})
    subscription, startable, around = queries.get(pk), candidate(pk), related(pk)
    validated = verdicts(pk)
    context = {
        "subscription": next(iter(listed([pk]))),
        "cards": block_cards(subscription, around.of_blocks, unseen_owners(subscription)),
        "fixed_inputs": [
            {
                "label": labels.name(fixed.name),
                "value": for_people(fixed.value, labels=fixed.scalar.labels_by_choice),
            }
            for fixed in subscription.product.schema.inputs
        ],
        "groups": start_groups(start_options(startable, request.user), pk),
        "processes": _processes(pk),
        "is_busy": startable.lock is not None,
        "etag": etag,
        "history": history_rows(pk),
        "may_set_in_sync": permissions.decide(request.user, Action.SET_IN_SYNC),
        "validated": validated.latest,
        "drift": drift_lines(validated),
        "uses": around.uses,
        "users": around.users,
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


def _processes(pk: UUID) -> list[ListedProcess]:
    """The latest on it."""
    latest = seen(Process.objects.about("subscription", str(pk))).order_by("-started_at", "id")
    return listed_processes(list(latest.values_list("pk", flat=True)[:MOST_PROCESSES]))
