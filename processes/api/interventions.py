"""What only some may do to a process, over REST: skip, edit the state, go on elsewhere; and retry all failed tasks."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from processes import actions
from processes.access.permissions import Action
from processes.api import intervention_schema as schema
from processes.api.requests import ProcessView, idempotency_key_of, members, person, seen_of
from processes.api.schema import AS_SEEN, ONCE, PROBLEM
from processes.engine.values.errors import ResultError

_REFUSALS = dict.fromkeys((400, 403, 404, 409, 412), PROBLEM)


class SkipStep(ProcessView):
    """Skip the step at which a process has stopped; `result` is merged into the state as its result."""

    action = Action.SKIP

    @extend_schema(
        operation_id="processes_skip",
        parameters=[ONCE, AS_SEEN],
        request=schema.SKIP,
        responses={204: None, **_REFUSALS},
        examples=schema.SKIP_EXAMPLES,
    )
    def put(self, request: Request, process_id: UUID) -> Response:
        given = members(request, {"reason": str}, {"result": dict | None})
        return _done(
            lambda: actions.skip(process_id, by=person(request), **_when(request), **given),
            field="result",
        )


class EditState(ProcessView):
    """Replace keys of the state of a stopped process."""

    action = Action.EDIT_STATE

    @extend_schema(
        operation_id="processes_edit_state",
        parameters=[ONCE, AS_SEEN],
        request=schema.EDIT,
        responses={204: None, **_REFUSALS},
        examples=schema.EDIT_EXAMPLES,
    )
    def put(self, request: Request, process_id: UUID) -> Response:
        given = members(request, {"reason": str, "changes": dict})
        return _done(
            lambda: actions.edit_state(process_id, by=person(request), **_when(request), **given),
            field="changes",
        )


class ContinueAt(ProcessView):
    """Continue a process whose definition has changed, at the step `path` of the current plan ("" for its end)."""

    action = Action.SKIP

    @extend_schema(
        operation_id="processes_continue",
        parameters=[ONCE, AS_SEEN],
        request=schema.CONTINUE,
        responses={204: None, **_REFUSALS},
        examples=schema.CONTINUE_EXAMPLES,
    )
    def put(self, request: Request, process_id: UUID) -> Response:
        given = members(request, {"reason": str, "path": str})
        return _done(
            lambda: actions.continue_at(process_id, by=person(request), **_when(request), **given),
            field="path",
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
        members(request, {})
        return Response({"count": actions.retry_all(by=person(request), idempotency_key=idempotency_key_of(request))})


def _when(request: Request) -> dict[str, Any]:
    """Once under its idempotency key, and only if the process stands as the caller saw it."""
    return {"idempotency_key": idempotency_key_of(request), "seen": seen_of(request)}


def _done(act: Callable[[], object], *, field: str) -> Response:
    """Carry it out; what does not fit is told by the name of its member, `field` for values that are no state."""
    try:
        act()
    except actions.InvalidArgument as error:
        raise ValidationError({error.field: [str(error)]}) from error
    except ResultError as error:
        raise ValidationError({field: [str(error)]}) from error
    return Response(status=204)
