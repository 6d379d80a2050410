"""The list of subscriptions: views as tabs, filters, a table, and the same as CSV."""

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from processes.access import permissions
from processes.access.permissions import Action
from processes.lists.tables import csv_parameters, csv_response
from subscriptions.models import Subscription
from subscriptions.queries.filters import VIEWS, SubscriptionFilter
from subscriptions.views.tables import SubscriptionTable

DEFAULT_VIEW = "active"


@dataclass(frozen=True)
class Tab:
    label: str
    url: str
    active: bool
    count: int | None = None


@require_safe
def subscription_list(request: HttpRequest) -> HttpResponseBase:
    """Subscriptions of a view (`active` unless the address says another), filtered, sorted and paged."""
    permissions.check(request.user, Action.VIEW)
    view = request.GET.get("view", DEFAULT_VIEW)
    view = view if view in VIEWS else DEFAULT_VIEW
    rows = Subscription.objects.filter(VIEWS[view]).select_related("product", "customer")
    found = SubscriptionFilter(request.GET, queryset=rows)
    table = SubscriptionTable(found.qs if found.is_valid() else found.queryset.none())
    table.sort(request)
    if request.GET.get("format") == "csv":
        return csv_response(table, "subscriptions.csv")
    table.show(request)
    shown = {"table": table, "filter": found, "tabs": tabs(view), "csv_url": f"?{csv_parameters(request)}"}
    return render(request, "subscriptions/subscription_list.html", shown)


def tabs(view: str) -> list[Tab]:
    """One tab a view."""
    url = reverse("subscriptions:list")
    return [Tab(name.capitalize(), f"{url}?view={name}", name == view) for name in VIEWS]
