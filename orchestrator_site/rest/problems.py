"""Errors of the REST interface as problem details (RFC 9457), for whatever a view lets pass.

Every problem has `type`, `title`, `status` and `detail`. Faults of fields add `errors` (field to messages); forms add
`form` and `meta` (510) or `validation_errors` (400) under the names that clients of the Workflow Orchestrator know.
"""

import logging
from collections.abc import Mapping
from dataclasses import asdict
from functools import singledispatch
from itertools import islice
from typing import Any

import orjson
from django.core.exceptions import (
    ObjectDoesNotExist,
    PermissionDenied,
    RequestDataTooBig,
    SuspiciousOperation,
    ValidationError,
)
from django.db import InterfaceError, OperationalError
from django.http import Http404, HttpResponse, UnreadablePostError
from rest_framework import exceptions
from rest_framework.response import Response

from orchestrator_site.auth.limiter import TooManyFailures
from orchestrator_site.auth.provider.errors import ProviderSilent
from orchestrator_site.rest.json_format import JsonRenderer
from orchestrator_site.rest.problem import CONTENT_TYPE, TOO_LARGE, UNAVAILABLE, Problem
from processes.access.permissions import StepUpRequired
from processes.actions import EnginePaused, LockHeld, Moved, PredicateRefused, Refused
from processes.engine.values.errors import StartRefused, UnknownObject
from processes.forms import FieldError, FormIncomplete, FormInvalid, FormUnavailable
from processes.plugins.registry import UnknownWorkflow

logger = logging.getLogger(__name__)

FORM_INCOMPLETE = 510
MOST_ERRORS = 20
"""Errors that are told of one request: a body of a few megabytes can have a million."""
LONGEST_TEXT = 500
"""Characters of a text in an error, such as the name of a field as it came in."""


def handle(error: Exception, context: Mapping[str, Any]) -> Response | None:
    """Answer an error of a view; None leaves one that nobody foresaw to the server's 500."""
    problem = problem_of(error)
    if problem is None:
        return None
    if request := context.get("request"):  # a problem is JSON where the view would have sent HTML or YAML
        request.accepted_renderer, request.accepted_media_type = JsonRenderer(), JsonRenderer.media_type
    if problem is UNAVAILABLE:
        logger.error("The database cannot be used: %s", error)
    headers = dict(problem.headers)
    response = Response(problem.as_json(), status=problem.status, headers=headers, content_type=CONTENT_TYPE)
    response.database_lost = problem is UNAVAILABLE  # type: ignore[attr-defined]
    return unlogged(response) if problem.status == FORM_INCOMPLETE else response


def unlogged(response: Response) -> Response:
    """Keep an answer of 500 or more that is no fault of ours out of the log, where Django would write an error."""
    response._has_been_logged = True  # type: ignore[attr-defined]
    return response


def page(problem: Problem) -> HttpResponse:
    """The same answer where no REST view was reached."""
    return HttpResponse(
        orjson.dumps(problem.as_json()), status=problem.status, headers=dict(problem.headers), content_type=CONTENT_TYPE
    )


@singledispatch
def problem_of(error: Exception) -> Problem | None:  # noqa: ARG001 - the kinds below look at it
    """Describe an error, or None when it is our own fault."""
    return None


@problem_of.register
def _(error: exceptions.APIException) -> Problem:
    headers = {}
    if challenge := getattr(error, "challenge", None) or getattr(error, "auth_header", None):
        headers["WWW-Authenticate"] = challenge
    if wait := getattr(error, "wait", None):
        headers["Retry-After"] = str(int(wait))
    if isinstance(error.detail, str):
        return Problem(error.status_code, str(error.detail), headers=headers)
    return _fields(error.status_code, error.detail)


def _fields(status: int, detail: Any) -> Problem:
    errors = _bounded(detail if isinstance(detail, dict) else {"__all__": detail})
    named = ", ".join(str(name) for name in errors if name not in {"__all__", "non_field_errors"})
    return Problem(status, f"Invalid value: {named}." if named else "Invalid request.", extra={"errors": errors})


def _bounded(detail: Any) -> Any:
    """The first errors, with texts of a bounded length."""
    match detail:
        case Mapping():
            return {shortened(str(name)): _bounded(one) for name, one in islice(detail.items(), MOST_ERRORS)}
        case list() | tuple():
            return [_bounded(one) for one in detail[:MOST_ERRORS]]
        case _:
            return shortened(str(detail))


def shortened(text: str) -> str:
    """The text, or its beginning."""
    return text if len(text) <= LONGEST_TEXT else f"{text[:LONGEST_TEXT]}…"


@problem_of.register(OperationalError)
@problem_of.register(InterfaceError)
def _(error: Exception) -> Problem:  # noqa: ARG001
    """What a database that is away, locked, full or out of connections makes of a request."""
    return UNAVAILABLE


@problem_of.register
def _(error: ValidationError) -> Problem:
    return _fields(400, error.message_dict if hasattr(error, "error_dict") else error.messages)


@problem_of.register
def _(error: Http404) -> Problem:
    return Problem(404, str(error) or "There is no resource at this address.")


@problem_of.register
def _(error: ObjectDoesNotExist) -> Problem:  # noqa: ARG001
    return Problem(404, "There is no object with this id.")


@problem_of.register
def _(error: UnknownObject) -> Problem:
    return Problem(404, str(error))


@problem_of.register
def _(error: UnknownWorkflow) -> Problem:
    return Problem(404, str(error), type="UnknownWorkflow", title="Unknown workflow")


@problem_of.register
def _(error: Refused) -> Problem:
    return Problem(409, error.reason, type="NotPossible", title="Not possible now")


@problem_of.register
def _(error: EnginePaused) -> Problem:
    return Problem(503, error.reason, type="EnginePaused", title="Engine paused", headers={"Retry-After": "30"})


@problem_of.register
def _(error: PredicateRefused) -> Problem:
    return Problem(412, error.reason, type="PredicateNotMet", title="Start condition not met")


@problem_of.register
def _(error: Moved) -> Problem:
    return Problem(412, error.reason, type="ProcessMoved", title="Changed meanwhile")


@problem_of.register
def _(error: LockHeld) -> Problem:
    holder = {"kind": "process", "id": str(error.holder.id), "label": error.holder.workflow_name}
    return Problem(409, error.reason, type="LockHeld", title="Locked", extra={"blockers": [holder]})


@problem_of.register
def _(error: ProviderSilent) -> Problem:
    return Problem(503, str(error), headers={"Retry-After": "10"})


@problem_of.register
def _(error: PermissionDenied) -> Problem:
    return Problem(403, str(error) or "You do not have permission to do this.")


@problem_of.register
def _(error: StepUpRequired) -> Problem:
    """RFC 9470: the same caller may come back with a stronger sign-in."""
    challenge = f'Bearer realm="api", error="insufficient_user_authentication", acr_values="{error.acr}"'
    return Problem(401, str(error), type="StepUpRequired", headers={"WWW-Authenticate": challenge})


@problem_of.register
def _(error: RequestDataTooBig) -> Problem:  # noqa: ARG001
    return TOO_LARGE


@problem_of.register
def _(error: SuspiciousOperation) -> Problem:  # noqa: ARG001
    return Problem(400, "The server could not process this request.")


@problem_of.register
def _(error: UnreadablePostError) -> Problem:  # noqa: ARG001
    return Problem(400, "The request body is incomplete.")


@problem_of.register
def _(error: TooManyFailures) -> Problem:
    return Problem(429, str(error), headers={"Retry-After": str(error.wait_seconds)})


@problem_of.register
def _(error: FormIncomplete) -> Problem:
    asked = error.page
    extra = {"form": asked.schema, "meta": {"hasNext": asked.has_next, **asked.meta}, "page": asked.index}
    return Problem(FORM_INCOMPLETE, str(error), type="FormNotCompleteError", title="Form incomplete", extra=extra)


@problem_of.register
def _(error: FormInvalid) -> Problem:
    extra = {"validation_errors": [_told(one) for one in error.errors[:MOST_ERRORS]], "page": error.page.index}
    return Problem(400, str(error), type="FormValidationError", title="Form invalid", extra=extra)


def _told(one: FieldError) -> FieldError:
    place = [shortened(part) if isinstance(part, str) else part for part in one["loc"]]
    told: FieldError = {"type": one["type"], "loc": place, "msg": shortened(one["msg"])}
    if "input" in one:
        told["input"] = _small(one["input"])
    if "ctx" in one:
        told["ctx"] = {name: _small(value) for name, value in one["ctx"].items()}
    return told


def _small(value: Any) -> Any:
    """A value, or the beginning of its text where it is long."""
    text = value if isinstance(value, str) else orjson.dumps(value).decode()
    return value if len(text) <= LONGEST_TEXT else shortened(text)


@problem_of.register
def _(error: FormUnavailable) -> Problem:
    return Problem(503, str(error), type="FormUnavailable", title="Form unavailable")


@problem_of.register
def _(error: StartRefused) -> Problem:
    refusal = {"type": "start_refused", "loc": ["__root__"], "msg": error.reason}
    extra = {"validation_errors": [refusal], "page": 0, "blockers": [asdict(blocker) for blocker in error.blockers]}
    return Problem(400, error.reason, type="StartRefused", title="Not possible now", extra=extra)
