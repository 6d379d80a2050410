"""What the fields that are searched suggest, as options of a list."""

from django.http import HttpRequest, HttpResponse
from django.utils.html import format_html_join
from django.views.decorators.http import require_safe

from processes.access import permissions
from processes.access.permissions import Action
from subscriptions.queries.customers import like

MOST_OPTIONS = 20


@require_safe
def customer_options(request: HttpRequest) -> HttpResponse:
    """Customers like `customer`, each by full name with its short code beside it."""
    permissions.check(request.user, Action.VIEW)
    rows = like(request.GET.get("customer", "")).values_list("fullname", "shortcode")[:MOST_OPTIONS]
    return HttpResponse(format_html_join("\n", '<option value="{}">{}</option>', rows))
