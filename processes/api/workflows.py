"""Workflows over REST: what can be run, with their steps; code defines them, so nothing here changes one."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from processes.access.permissions import Action, check, visible
from processes.api.schema import PROBLEM, TARGETS, WINDOW_PARAMETERS
from processes.lists.paging import Order
from processes.lists.rest import MAX_LIMIT, list_response, part_of, window
from processes.models import Workflow, WorkflowVersion
from processes.queries.workflows import workflow_of, workflow_row


class StepName(serializers.Serializer[Any]):
    """A step of a workflow, in order."""

    name = serializers.CharField()


class WorkflowOut(serializers.Serializer[Any]):
    """A workflow that some release has had; `steps` are those of its latest definition."""

    workflow_id = serializers.UUIDField()
    name = serializers.CharField()
    target = serializers.ChoiceField(TARGETS)
    is_task = serializers.BooleanField()
    description = serializers.CharField()
    created_at = serializers.DateTimeField()
    steps = StepName(many=True, required=False)


_EXAMPLE = OpenApiExample(
    "A workflow",
    response_only=True,
    value={
        "workflow_id": "9a3f0a52-9b6b-5f6e-8a55-1b3c1d4b6c0e",
        "name": "create_node",
        "target": "CREATE",
        "is_task": False,
        "description": "Create node",
        "created_at": "2026-11-01T08:00:00Z",
        "steps": [{"name": "Construct node"}],
    },
)


class WorkflowList(APIView):
    """Every workflow, by name."""

    action = Action.VIEW

    @extend_schema(
        operation_id="workflows_list", parameters=WINDOW_PARAMETERS, responses=WorkflowOut(many=True), filters=False
    )
    def get(self, request: Request) -> HttpResponse:
        rows = visible(Workflow.objects.all(), request.user)
        part = part_of(rows, Order((), ("name", "pk")), window(request.query_params, most=MAX_LIMIT))
        found = Workflow.objects.in_bulk(part.keys)
        told = [workflow_row(found[key]) for key in part.keys if key in found]
        return list_response(request._request, told, part, "workflows")


class OneWorkflow(APIView):
    """One workflow with its steps."""

    action = Action.VIEW

    @extend_schema(operation_id="workflows_get", responses={200: WorkflowOut, 404: PROBLEM}, examples=[_EXAMPLE])
    def get(self, request: Request, workflow_id: UUID) -> Response:
        workflow = workflow_of(workflow_id)
        if workflow is None:
            raise Http404("There is no workflow with this id.")
        check(request.user, Action.VIEW, workflow)
        version = WorkflowVersion.objects.filter(workflow=workflow).order_by("-pk").first()
        steps = [{"name": step["name"]} for step in version.plan] if version else []
        return Response({**workflow_row(workflow), "steps": steps})
