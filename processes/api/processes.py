"""Processes over REST: fetch, call, answer. What goes wrong is let pass to the site's problem details."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from drf_spectacular.utils import extend_schema
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from processes import actions, queries
from processes.access.permissions import Action, check, decide, visible
from processes.api import schema
from processes.api.requests import (
    ProcessView,
    etag_of,
    idempotency_key_of,
    members,
    note_text,
    pages_of,
    person,
    seen_of,
)
from processes.api.rows import detail_row, list_rows
from processes.engine.values.status import ProcessStatus
from processes.engine.workflow import Workflow
from processes.forms import FormIncomplete, FormUnavailable, Page, walk
from processes.lists.paging import beginning
from processes.lists.rest import Listing, list_response
from processes.models import Process
from processes.plugins import registry, subjects
from processes.queries.filters import ProcessApiFilter

_SAME_NAMES = (
    "customer",
    "customer_id",
    "ended_at",
    "failed_reason",
    "last_modified_at",
    "product",
    "product_description",
    "product_id",
    "product_type",
    "started_at",
    "subscription_id",
    "tag",
    "workflow_id",
)
"""Filters that have the name of what they look at."""
LISTING = Listing(
    unit="processes",
    sortable={
        "process_id": "pk",
        "workflow_name": "workflow_name",
        "workflow_target": "target",
        "target": "target",
        "is_task": "is_task",
        "last_status": "status",
        "status": "status",
        "last_step": "last_step",
        "created_by": "created_by",
        "assignee": "assignee",
        "note": beginning("note"),
        "started_at": "started_at",
        "last_modified_at": "last_modified_at",
        "ended_at": "ended_at",
        **subjects.sorts(),
    },
    filter_set=ProcessApiFilter,
    filters={
        "process_id": "process_id",
        "workflow_name": "workflow",
        "workflow": "workflow",
        "target": "target",
        "workflow_target": "target",
        "last_status": "status",
        "status": "status",
        "last_step": "last_step",
        "created_by": "created_by",
        "assignee": "assignee",
        "is_task": "is_task",
        "note": "note",
        **{name: name for name in _SAME_NAMES},
    },
    default_order=("-started_at", "id"),
)
_VERBS = (Action.RESUME, Action.RETRY, Action.ABORT, Action.NOTE, Action.SKIP, Action.EDIT_STATE)


class ProcessList(ProcessView):
    """All processes, newest first."""

    action = Action.VIEW

    @extend_schema(
        operation_id="processes_list",
        parameters=schema.LIST_PARAMETERS,
        responses=schema.ProcessRow(many=True),
        examples=[schema.LIST_EXAMPLE],
        filters=False,
    )
    def get(self, request: Request) -> HttpResponse:
        part = LISTING.part(visible(Process.objects.all(), request.user), request.query_params)
        return list_response(request._request, list_rows(part.keys), part, LISTING.unit)


class StatusCounts(ProcessView):
    """How many processes and tasks there are by status."""

    action = Action.VIEW

    @extend_schema(
        operation_id="processes_status_counts", responses=schema.StatusCounts, examples=schema.COUNTS_EXAMPLES
    )
    def get(self, request: Request) -> Response:
        return Response(queries.status_counts(visible(Process.objects.all(), request.user)))


class StartProcess(ProcessView):
    """Start a workflow with the answers to its form so far; 510 with the next page while the form is not complete."""

    action = Action.START

    @extend_schema(
        operation_id="processes_start",
        parameters=[schema.ONCE],
        request=schema.PAGES,
        responses={
            201: schema.STARTED,
            400: schema.PROBLEM,
            404: schema.PROBLEM,
            409: schema.PROBLEM,
            510: schema.PROBLEM,
        },
        examples=schema.START_EXAMPLES,
    )
    def post(self, request: Request, workflow_name: str) -> Response:
        workflow, pages = registry.get(workflow_name), pages_of(request)
        if workflow.form is None and not pages:
            raise _empty_form(request, workflow)
        process = actions.start(workflow_name, pages, by=person(request), idempotency_key=idempotency_key_of(request))
        return Response({"id": process.pk}, status=201)


class OneProcess(ProcessView):
    """One process: read it, set its note, or delete it when it is the run of a task."""

    actions = {"GET": Action.VIEW, "PATCH": Action.NOTE, "DELETE": Action.DELETE}

    @extend_schema(operation_id="processes_get", responses=schema.ProcessDetail, examples=[schema.DETAIL_EXAMPLE])
    def get(self, request: Request, process_id: UUID) -> Response:
        process = queries.find(process_id)
        allowed = {verb.value: decide(request.user, verb, process).allowed for verb in _VERBS}
        row = {**detail_row(process), "form": waiting_form(process), "user_permissions": allowed}
        return Response(row, headers={"ETag": etag_of(process)})

    @extend_schema(
        operation_id="processes_note",
        request=schema.NOTE,
        responses=schema.ProcessRow,
        examples=schema.NOTE_EXAMPLES,
    )
    def patch(self, request: Request, process_id: UUID) -> Response:
        actions.note(process_id, note_text(request), by=person(request))
        (row,) = list_rows([process_id])
        return Response(row)

    @extend_schema(
        operation_id="processes_delete",
        parameters=[schema.AS_SEEN],
        responses={204: None, **dict.fromkeys((400, 403, 404, 409, 412), schema.PROBLEM)},
    )
    def delete(self, request: Request, process_id: UUID) -> Response:
        try:
            actions.delete(process_id, by=person(request), seen=seen_of(request))
        except actions.NotATask as error:
            raise ValidationError({"process_id": [str(error)]}) from error
        return Response(status=204)


class ResumeProcess(ProcessView):
    """Resume a suspended process with its input, or retry a failed or waiting one."""

    action = Action.RESUME

    @extend_schema(
        operation_id="processes_resume",
        parameters=[schema.ONCE, schema.AS_SEEN],
        request=schema.PAGES,
        responses={204: None, **dict.fromkeys((400, 403, 404, 409, 412, 510), schema.PROBLEM)},
        examples=schema.RESUME_EXAMPLES,
    )
    def put(self, request: Request, process_id: UUID) -> Response:
        actions.answer(
            process_id,
            pages_of(request),
            by=person(request),
            idempotency_key=idempotency_key_of(request),
            seen=seen_of(request),
        )
        return Response(status=204)


class AbortProcess(ProcessView):
    """End a process that is not finished; a `reason` is kept and shown in its history."""

    action = Action.ABORT

    @extend_schema(
        operation_id="processes_abort",
        parameters=[schema.ONCE, schema.AS_SEEN],
        request=schema.ABORT,
        responses={204: None, **dict.fromkeys((400, 403, 404, 409, 412), schema.PROBLEM)},
    )
    def put(self, request: Request, process_id: UUID) -> Response:
        given = members(request, {}, {"reason": str})
        try:
            actions.abort(
                process_id,
                by=person(request),
                idempotency_key=idempotency_key_of(request),
                seen=seen_of(request),
                **given,
            )
        except actions.InvalidArgument as error:
            raise ValidationError({error.field: [str(error)]}) from error
        return Response(status=204)


def _empty_form(request: Request, workflow: Workflow) -> FormIncomplete:
    """What a client gets that asks for the form of a workflow without one, to be answered by `[{}]`."""
    check(request.user, Action.START, workflow)
    actions.check_start(workflow)
    schema = {"title": workflow.description, "type": "object", "properties": {}, "additionalProperties": False}
    return FormIncomplete(Page(index=0, schema=schema, has_next=False))


def waiting_form(process: Process) -> dict[str, Any] | None:
    """The JSON Schema of the first page that a suspended process asks for; None when it asks nothing just now."""
    if process.status != ProcessStatus.SUSPENDED:
        return None
    try:
        walk(actions.question_of(process), queries.current_state(process.pk), [])
    except FormIncomplete as incomplete:
        return incomplete.page.schema
    except (FormUnavailable, actions.Refused, registry.UnknownWorkflow):
        return None
    return None
