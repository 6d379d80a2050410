"""What the fields that are searched suggest, as options of a list."""

from typing import Any

from django.db.models import QuerySet
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponse
from django.utils.html import format_html_join

from processes.access import permissions
from processes.access.permissions import Action
from processes.lists.methods import require_safe
from processes.lists.searched import typed_text
from subscriptions.models import BlockInstance
from subscriptions.queries import subscriptions
from subscriptions.queries.choices import of_seen
from subscriptions.queries.customers import like

MOST_OPTIONS = 20
_NARROWED = {
    "product_type": "product__product_type",
    "tag": "product__tag",
    "workflow": "product__offers__workflow_name",
}


@require_safe
def customer_options(request: HttpRequest) -> HttpResponse:
    """Customers by full name, each with its short code beside it."""
    permissions.check(request.user, Action.VIEW)
    return _options(like(typed_text(request)).values_list("fullname", "shortcode"))


@require_safe
def subscription_options(request: HttpRequest) -> HttpResponse:
    """Subscriptions by description, each with its product; narrowed as a form says."""
    permissions.check(request.user, Action.VIEW)
    asked = {name: request.GET[key] for key, name in _NARROWED.items() if request.GET.get(key)}
    rows = subscriptions().filter(description__icontains=typed_text(request), **asked)
    if statuses := request.GET.get("status"):
        rows = rows.filter(status__in=statuses.split(","))
    return _options(rows.values_list("description", "product__name"))


@require_safe
def block_options(request: HttpRequest) -> HttpResponse:
    """Blocks of these kinds by the description of their subscription, each with its label or part of its id."""
    permissions.check(request.user, Action.VIEW)
    rows = BlockInstance.objects.filter(
        block_name__in=request.GET.get("blocks", "").split(","),
        subscription__status=request.GET.get("status", ""),
        subscription__description__icontains=typed_text(request),
    )
    named = of_seen(rows).order_by("subscription__description", "id")
    return _options(named.values_list("subscription__description", Coalesce("label", "block_name")))


def _options(rows: QuerySet[Any]) -> HttpResponse:
    return HttpResponse(format_html_join("\n", '<option value="{}">{}</option>', rows[:MOST_OPTIONS]))
