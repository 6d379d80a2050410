"""Pages are looked at and posted to; what no page takes is refused before anything else is asked of the request.

So a method that does not exist is 405 to everybody, and never a page of missing rights or of a form without a token.
The REST interface says it for itself, to those who have signed in.
"""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import ResolverMatch

from orchestrator_site.pages.faults import is_api, refused
from orchestrator_site.rest.problem import Problem
from processes.lists.methods import SAFE, methods_of

LOOKED_AT = SAFE
SENT = ("POST",)
BOTH = (*LOOKED_AT, *SENT)
BY_NAME = {
    **dict.fromkeys(
        ("index", "search", "login", "password_change", "password_change_done", "autocomplete", "jsi18n",
         "view_on_site", "app_list", "processes_auditevent_export", "auth_user_invitation", "auth_user_sign_ins_of",
         "orchestrator_site_rolerule_try_out"),
        LOOKED_AT,
    ),
    "logout": SENT,
    "auth_user_invite": SENT,
}  # fmt: skip
"""Pages of the admin that take less than most, by the names of their addresses."""


class MethodsOfPages:
    """Middleware in front of those that ask who somebody is."""

    def __init__(self, get_response: Any) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        answer: HttpResponse = self.get_response(request)
        return answer

    def process_view(self, request: HttpRequest, view: Any, _args: Any, _parameters: Any) -> HttpResponse | None:
        """Answer 405 to any other method."""
        if is_api(request):
            return None
        taken = taken_by(view, request.resolver_match)
        if request.method in taken:
            return None
        problem = Problem(405, f"This page is not there for {request.method}.")
        answer = refused(request, problem)
        answer["Allow"] = ", ".join(taken)
        return answer


def taken_by(view: Any, match: ResolverMatch | None) -> tuple[str, ...]:
    """The methods that a page takes, of those that pages take at all.

    In the admin, histories and addresses that only lead on are looked at.
    """
    said = methods_of(view)
    if match is None or match.namespace != "admin":
        return BOTH if said is None else tuple(method for method in said if method in BOTH)
    name = match.url_name or ""
    return LOOKED_AT if not name or name.endswith("_history") else BY_NAME.get(name, BOTH)
