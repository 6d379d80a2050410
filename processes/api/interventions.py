"""What only some may do to a process, over REST: skip, edit the state, go on elsewhere; and retry all failed tasks."""

from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from processes import actions
from processes.api import intervention_schema as schema
from processes.api.schema import ONCE, PROBLEM
from processes.api.views import ProcessView, once_of, person
from processes.engine.errors import ResultError
from processes.permissions import Action

_REFUSALS = dict.fromkeys((400, 403, 404, 409), PROBLEM)


class SkipStep(ProcessView):
    """Skip the step at which a process has stopped; `result` is merged into the state as its result."""

    action = Action.SKIP

    @extend_schema(
        operation_id="processes_skip",
        parameters=[ONCE],
        request=schema.SKIP,
        responses={204: None, **_REFUSALS},
        examples=schema.SKIP_EXAMPLES,
    )
    def put(self, request: Request, process_id: UUID) -> Response:
        given = members(request, {"reason": str}, {"result": dict | None})
        return _done(
            lambda: actions.skip(process_id, by=person(request), once=once_of(request), **given), field="result"
        )


class EditState(ProcessView):
    """Replace keys of the state of a stopped process."""

    action = Action.EDIT_STATE

    @extend_schema(
        operation_id="processes_edit_state",
        parameters=[ONCE],
        request=schema.EDIT,
        responses={204: None, **_REFUSALS},
        examples=schema.EDIT_EXAMPLES,
    )
    def put(self, request: Request, process_id: UUID) -> Response:
        given = members(request, {"reason": str, "changes": dict})
        return _done(
            lambda: actions.edit_state(process_id, by=person(request), once=once_of(request), **given), field="changes"
        )


class ContinueAt(ProcessView):
    """Continue a process whose definition has changed, at the step `path` of the current plan ("" for its end)."""

    action = Action.SKIP

    @extend_schema(
        operation_id="processes_continue",
        parameters=[ONCE],
        request=schema.CONTINUE,
        responses={204: None, **_REFUSALS},
        examples=schema.CONTINUE_EXAMPLES,
    )
    def put(self, request: Request, process_id: UUID) -> Response:
        given = members(request, {"reason": str, "path": str})
        return _done(
            lambda: actions.continue_at(process_id, by=person(request), once=once_of(request), **given), field="path"
        )


class ResumeAll(ProcessView):
    """Retry all failed tasks; tasks that cannot be retried now are left unchanged."""

    action = Action.RETRY

    @extend_schema(
        operation_id="processes_resume_all",
        parameters=[ONCE],
        request=None,
        responses={200: schema.COUNT, 403: PROBLEM, 503: PROBLEM},
        examples=schema.COUNT_EXAMPLES,
    )
    def put(self, request: Request) -> Response:
        return Response({"count": actions.resume_all(by=person(request), once=once_of(request))})


def members(
    request: Request, required: Mapping[str, type], optional: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    """The members of a body that is one object. Raises ValidationError naming what is missing, unknown or wrong."""
    body = request.data
    if not isinstance(body, dict):
        raise ValidationError({"body": [f"Must be an object with {', '.join(required)}."]})
    known = {**required, **(optional or {})}
    wrong = {name: ["Unknown field."] for name in body.keys() - known.keys()}
    wrong |= {name: ["This field is required."] for name in required.keys() - body.keys()}
    wrong |= {
        name: [f"Must be {_WORDS[kind]}."]
        for name, kind in known.items()
        if name in body and not isinstance(body[name], kind)
    }
    if wrong:
        raise ValidationError(wrong)
    return dict(body)


_WORDS: Mapping[Any, str] = {
    str: "a string",
    bool: "true or false",
    dict: "an object",
    dict | None: "an object or null",
}


def _done(act: Callable[[], object], *, field: str) -> Response:
    """Carry it out; what does not fit is told by the name of its member, `field` for values that are no state."""
    try:
        act()
    except actions.Unfit as error:
        raise ValidationError({error.field: [str(error)]}) from error
    except ResultError as error:
        raise ValidationError({field: [str(error)]}) from error
    return Response(status=204)
