"""The object that an address names: whoever may not see it gets neither its page nor its endpoint."""

from collections.abc import Callable, Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse

from processes.access.kinds import Ref
from processes.access.permissions import Action, check

_BY_PARAMETER = {"process_id": "process", "subscription_id": "subscription", "product_id": "product"}
_BY_ROOM = {"subscriptions": "subscription", "products": "product"}
"""Where the parameter is called `pk`."""


def named_by(parameters: Mapping[str, Any], room: str = "") -> Ref | None:
    """The object that the parameters of a route name; None when they name none that one may see or not."""
    for name, key in parameters.items():
        kind = _BY_PARAMETER.get(name) or (_BY_ROOM.get(room) if name == "pk" else None)
        if kind is not None:
            return Ref(kind, key)
    return None


class SeenObjects:
    """Middleware: a page about an object is for those who may see it. Endpoints ask it when they know who calls."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, _args: Any, parameters: dict[str, Any]) -> None:
        """Raise Denied for somebody who has signed in and may not see it."""
        room = request.resolver_match.namespace if request.resolver_match else ""
        subject = named_by(parameters, room)
        if subject is not None and room and request.user.is_authenticated:
            check(request.user, Action.VIEW, subject)
