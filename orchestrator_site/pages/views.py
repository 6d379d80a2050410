"""Pages of the site itself: the start page, and what can be ordered."""

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from orchestrator_site.pages.frame import attention_of
from orchestrator_site.pages.start import dashboard, offers
from orchestrator_site.pages.unseen import unseen_kinds
from processes.access.permissions import Action, check
from processes.lists.filters import WordsField
from processes.lists.methods import require_safe


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """What waits for a person, what is wrong, what is new."""
    check(request.user, Action.VIEW)
    shown = dashboard(request.user, attention_of(request))
    return render(request, "home/home.html", {"dashboard": shown})


@require_safe
def order(request: HttpRequest) -> HttpResponse:
    """Every product that can be ordered now, by type; `?search=` narrows them."""
    check(request.user, Action.START)
    search = request.GET.get("search", "").strip()
    try:
        groups, wrong = offers(request.user, WordsField(required=False).clean(search)), ""
    except ValidationError as error:
        groups, wrong = {}, " ".join(error.messages)
    shown = {"groups": groups, "search": search, "wrong": wrong, "unseen": unseen_kinds(request.user)}
    return render(request, "order/order.html", shown)
