"""The list of subscriptions: views as tabs, filters, a table, and the same as a file."""

from django.http import HttpRequest, HttpResponseBase
from django.urls import reverse

from processes.access import permissions
from processes.access.permissions import Action
from processes.lists.methods import require_safe
from processes.lists.pages import Tab, list_page
from subscriptions.models import Subscription
from subscriptions.queries.filters import VIEWS, SubscriptionFilter
from subscriptions.views.tables import SubscriptionTable

DEFAULT_VIEW = "active"


@require_safe
def subscription_list(request: HttpRequest) -> HttpResponseBase:
    """Subscriptions of a view (`active` unless the address says another), filtered, sorted and paged."""
    permissions.check(request.user, Action.VIEW)
    view = request.GET.get("view", DEFAULT_VIEW)
    view = view if view in VIEWS else DEFAULT_VIEW
    return list_page(
        request,
        SubscriptionFilter(
            request.GET, queryset=permissions.visible(Subscription.objects.filter(VIEWS[view]), request.user)
        ),
        SubscriptionTable,
        template="subscriptions/subscription_list.html",
        name="subscriptions",
        context={"tabs": tabs(view)},
        choices={"view": VIEWS},
    )


def tabs(view: str) -> list[Tab]:
    """One tab a view."""
    url = reverse("subscriptions:list")
    return [Tab(name.capitalize(), f"{url}?view={name}", name == view) for name in VIEWS]
