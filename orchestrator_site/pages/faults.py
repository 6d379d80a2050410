"""What is answered when no view could: problem details below /api/, pages elsewhere."""

import re
import sys
from collections.abc import Callable
from http import HTTPStatus

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.template import loader
from django.views import defaults

from orchestrator_site.auth import again
from orchestrator_site.rest import problems
from orchestrator_site.rest.problem import TOO_LARGE, UNAVAILABLE, Problem
from processes.access.permissions import StepUpRequired
from processes.engine.values.errors import UnknownObject

NUMBER_TOO_LARGE = Problem(400, "A whole number in this request has more than 64 bits.")
_NINETEEN_DIGITS = re.compile(r"\d{19}")


def refused(request: HttpRequest, problem: Problem) -> HttpResponse:
    """A refusal, or an outage, in the words of the door: problem details, or a page that needs nothing else."""
    response = _in_the_words_of_the_door(request, problem)
    response.database_lost = problem is UNAVAILABLE  # type: ignore[attr-defined]
    return response


def _in_the_words_of_the_door(request: HttpRequest, problem: Problem) -> HttpResponse:
    if is_api(request):
        return problems.page(problem)
    title = problem.title or HTTPStatus(problem.status).phrase
    page = loader.render_to_string("fault.html", {"status": problem.status, "title": title, "text": problem.detail})
    return HttpResponse(page, status=problem.status, headers=dict(problem.headers))


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponseBase:
    if isinstance(exception, RequestDataTooBig):
        return refused(request, TOO_LARGE)
    if is_api(request):
        return problems.page(Problem(400, "The server could not process this request."))
    return defaults.bad_request(request, exception)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponseBase:
    if is_api(request):
        return problems.page(Problem(403, str(exception) or "You do not have permission to do this."))
    if isinstance(exception, StepUpRequired):
        return again.sign_in_stronger(request, exception)
    return defaults.permission_denied(request, exception)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponseBase:
    """A form without a valid token; Django's reason is for the log, which has it."""
    if is_api(request):
        return problems.page(Problem(403, reason or "The CSRF token is missing or incorrect."))
    return again.without_token(request)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponseBase:
    if is_api(request):
        return problems.page(Problem(404, "There is no resource at this address."))
    return defaults.page_not_found(request, exception)


class UnknownIsNotFound:
    """Middleware: a page whose view asks for something that does not exist is the same as no page.

    A whole number that no column holds, which Django's admin hands to the database as it came in an address or a form,
    is a bad request.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponseBase | None:
        if isinstance(exception, UnknownObject):
            return not_found(request, exception)
        if isinstance(exception, OverflowError) and _names_a_large_number(request):
            return refused(request, NUMBER_TOO_LARGE)
        return None


def _names_a_large_number(request: HttpRequest) -> bool:
    given = (value for values in (request.GET, request.POST) for _, texts in values.lists() for value in texts)
    return any(_NINETEEN_DIGITS.search(str(value)) for value in given)


def server_error(request: HttpRequest) -> HttpResponse | HttpResponseBase:
    """Our fault: nothing of it is told; the log has the trace. Or 503 where it is the database's."""
    error = sys.exc_info()[1]
    problem = problems.problem_of(error) if isinstance(error, Exception) else None
    if problem is UNAVAILABLE:
        return refused(request, problem)
    if is_api(request):
        return problems.page(Problem(500, "Internal server error. The server log has details."))
    return defaults.server_error(request)


def is_api(request: HttpRequest) -> bool:
    return request.path_info.startswith("/api/")
