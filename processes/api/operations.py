"""The engine over REST: does it run, who works, what waits. Names are those of the Workflow Orchestrator."""

from typing import Any

from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from processes import actions
from processes.access.permissions import Action
from processes.access.viewer import narrowed
from processes.actions import EngineStatus
from processes.api.requests import members, person
from processes.api.schema import PROBLEM
from processes.models import Process
from processes.queries import fleet
from processes.queries.fleet import WorkerRow

_ID = "9c3f8e52-6a0b-4a7e-9c71-9d3c5f1f8a10"
EXECUTOR = "workers"


class StatusOut(serializers.Serializer[Any]):
    """Whether the engine runs; `running_processes` counts the steps in progress."""

    global_lock = serializers.BooleanField()
    running_processes = serializers.IntegerField()
    global_status = serializers.ChoiceField(["RUNNING", "PAUSING", "PAUSED"])


class StatusIn(serializers.Serializer[Any]):
    """True pauses the engine, false resumes it."""

    global_lock = serializers.BooleanField()


class WorkerOut(serializers.Serializer[Any]):
    """A worker, and what it runs now."""

    worker = serializers.CharField()
    host = serializers.CharField()
    pid = serializers.IntegerField()
    state = serializers.ChoiceField(["busy", "idle", "silent"])
    started_at = serializers.DateTimeField()
    last_seen_at = serializers.DateTimeField()
    process_id = serializers.UUIDField(allow_null=True)
    workflow_name = serializers.CharField(allow_null=True)
    step = serializers.CharField(allow_null=True)


class WorkersOut(serializers.Serializer[Any]):
    """Workers online, ready and running processes; `oldest_queued_seconds` is the age of the oldest ready one."""

    executor_type = serializers.CharField()
    number_of_workers_online = serializers.IntegerField()
    number_of_queued_jobs = serializers.IntegerField()
    number_of_running_jobs = serializers.IntegerField()
    oldest_queued_seconds = serializers.FloatField()
    workers = WorkerOut(many=True)


_STATUS_EXAMPLE = {"global_lock": False, "running_processes": 2, "global_status": "RUNNING"}
_WORKER_EXAMPLE = {
    "worker": "host-1-4242-a1b2c3",
    "host": "host-1",
    "pid": 4242,
    "state": "busy",
    "started_at": "2026-11-21T10:00:00Z",
    "last_seen_at": "2026-11-21T10:12:30Z",
    "process_id": _ID,
    "workflow_name": "create_node",
    "step": "Create device in the inventory",
}


class GlobalStatus(APIView):
    """Whether the engine runs; setting `global_lock` pauses or resumes it. Idempotent."""

    actions = {"GET": Action.VIEW, "PUT": Action.PAUSE}

    @extend_schema(
        operation_id="settings_status",
        responses=StatusOut,
        examples=[OpenApiExample("Running", value=_STATUS_EXAMPLE, response_only=True)],
    )
    def get(self, request: Request) -> Response:
        return Response(status_row(actions.engine_status(narrowed(Process.objects.all()))))

    @extend_schema(
        operation_id="settings_status_set",
        request=StatusIn,
        responses={200: StatusOut, 400: PROBLEM, 403: PROBLEM},
        examples=[
            OpenApiExample("Pause", value={"global_lock": True}, request_only=True),
            OpenApiExample(
                "Pausing",
                value={"global_lock": True, "running_processes": 2, "global_status": "PAUSING"},
                response_only=True,
                status_codes=["200"],
            ),
        ],
    )
    def put(self, request: Request) -> Response:
        wanted = members(request, {"global_lock": bool})["global_lock"]
        switch = actions.pause if wanted else actions.unpause
        switch(by=person(request))
        return Response(status_row(actions.engine_status(narrowed(Process.objects.all()))))


class WorkerStatus(APIView):
    """Workers online, and the work that waits for them."""

    action = Action.WATCH

    @extend_schema(
        operation_id="settings_worker_status",
        responses=WorkersOut,
        examples=[
            OpenApiExample(
                "One busy worker",
                response_only=True,
                value={
                    "executor_type": EXECUTOR,
                    "number_of_workers_online": 1,
                    "number_of_queued_jobs": 3,
                    "number_of_running_jobs": 1,
                    "oldest_queued_seconds": 0.2,
                    "workers": [_WORKER_EXAMPLE],
                },
            )
        ],
    )
    def get(self, request: Request) -> Response:
        found, backlog = fleet.workers(), fleet.backlog(narrowed(Process.objects.all()))
        row = {
            "executor_type": EXECUTOR,
            "number_of_workers_online": sum(one.state != fleet.WorkerState.SILENT for one in found),
            "number_of_queued_jobs": backlog.ready,
            "number_of_running_jobs": backlog.running,
            "oldest_queued_seconds": backlog.oldest_ready_seconds,
            "workers": [worker_row(one) for one in found],
        }
        return Response(row)


def status_row(status: EngineStatus) -> dict[str, Any]:
    """The status in the words of REST."""
    return {
        "global_lock": status.state != "running",
        "running_processes": status.running,
        "global_status": status.state.value.upper(),
    }


def worker_row(worker: WorkerRow) -> dict[str, Any]:
    """A worker in the words of REST."""
    process = worker.process
    return {
        "worker": worker.id,
        "host": worker.host,
        "pid": worker.pid,
        "state": worker.state.value,
        "started_at": worker.started_at,
        "last_seen_at": worker.beat_at,
        "process_id": process.pk if process else None,
        "workflow_name": process.workflow_name if process else None,
        "step": worker.step_name if process else None,
    }
