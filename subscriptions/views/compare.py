"""Compare any two versions of a subscription."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from processes.access import permissions
from processes.access.permissions import Action
from processes.lists.methods import require_safe
from subscriptions.display.cards import compare_address
from subscriptions.display.changes import names_in, readable
from subscriptions.display.history import compare_form
from subscriptions.models import Subscription
from subscriptions.queries.history import compare


@require_safe
def subscription_compare(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The difference of the versions `from` and `to` of the address; of the last two where it names none."""
    permissions.check(request.user, Action.VIEW)
    subscription = get_object_or_404(Subscription.objects.select_related("product"), pk=pk)
    form = compare_form(pk, request.GET.dict())
    context: dict[str, Any] = {"subscription": subscription, "form": form}
    if form.is_valid():
        before, after = form.cleaned_data["from"], form.cleaned_data["to"]
        changes = compare(pk, before, after)
        context |= {
            "before": before,
            "after": after,
            "changes": readable(changes, names_in(changes)),
            "swap_url": compare_address(pk, after, before),
        }
    return render(request, "subscriptions/subscription_compare.html", context)
