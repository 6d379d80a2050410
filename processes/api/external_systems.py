"""External systems over REST: how many calls run, who waits, and whether a person has stopped them."""

from typing import Any

from django.http import Http404
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from processes import actions
from processes.access.permissions import Action
from processes.access.viewer import narrowed
from processes.api.requests import members, person
from processes.api.schema import PROBLEM
from processes.models import ExternalSystem, Process
from processes.queries import external_systems
from processes.queries.external_systems import SystemRow, SystemState


class SystemOut(serializers.Serializer[Any]):
    """An external system; a null `max_concurrent` means any number of calls, a null `failure_threshold` never."""

    name = serializers.CharField()
    state = serializers.ChoiceField([state.value for state in SystemState])
    running = serializers.IntegerField()
    max_concurrent = serializers.IntegerField(allow_null=True)
    waiting = serializers.IntegerField()
    failures = serializers.IntegerField()
    failure_threshold = serializers.IntegerField(allow_null=True)
    cool_down_seconds = serializers.FloatField()
    half_open_at = serializers.DateTimeField(allow_null=True)
    stopped_by = serializers.CharField(allow_null=True)
    last_failure = serializers.CharField(allow_null=True)
    last_failed_at = serializers.DateTimeField(allow_null=True)


class SystemIn(serializers.Serializer[Any]):
    """True stops all calls; false allows them and closes the circuit breaker."""

    stopped = serializers.BooleanField()


_EXAMPLE = {
    "name": "inventory",
    "state": "open",
    "running": 0,
    "max_concurrent": 4,
    "waiting": 37,
    "failures": 5,
    "failure_threshold": 5,
    "cool_down_seconds": 30.0,
    "half_open_at": "2026-11-21T12:03:20Z",
    "stopped_by": None,
    "last_failure": "InventoryUnavailable: The inventory is unavailable: GET dcim/sites/: 503",
    "last_failed_at": "2026-11-21T12:02:50Z",
}


class ExternalSystems(APIView):
    """All external systems that workflows name, by name."""

    action = Action.WATCH

    @extend_schema(
        operation_id="settings_external_systems",
        responses=SystemOut(many=True),
        examples=[OpenApiExample("Circuit breaker open", value=_EXAMPLE, response_only=True)],
    )
    def get(self, request: Request) -> Response:
        return Response([system_row(one) for one in external_systems.rows(narrowed(Process.objects.all()))])


class OneExternalSystem(APIView):
    """One external system; setting `stopped` stops calls to it or allows them. Idempotent."""

    actions = {"GET": Action.WATCH, "PUT": Action.PAUSE}

    @extend_schema(operation_id="settings_external_system", responses={200: SystemOut, 404: PROBLEM})
    def get(self, request: Request, name: str) -> Response:
        return Response(_found(name))

    @extend_schema(
        operation_id="settings_external_system_set",
        request=SystemIn,
        responses={200: SystemOut, 400: PROBLEM, 403: PROBLEM, 404: PROBLEM},
        examples=[OpenApiExample("Stop calls", value={"stopped": True}, request_only=True)],
    )
    def put(self, request: Request, name: str) -> Response:
        switch = actions.stop_calls if members(request, {"stopped": bool})["stopped"] else actions.allow_calls
        try:
            switch(name, by=person(request))
        except ExternalSystem.DoesNotExist as error:
            raise Http404("There is no external system with this name.") from error
        return Response(_found(name))


def _found(name: str) -> dict[str, Any]:
    found = external_systems.row(name, narrowed(Process.objects.all()))
    if found is None:
        raise Http404("There is no external system with this name.")
    return system_row(found)


def system_row(system: SystemRow) -> dict[str, Any]:
    """An external system in the words of REST."""
    return {
        "name": system.name,
        "state": system.state.value,
        "running": system.running,
        "max_concurrent": system.max_concurrent,
        "waiting": system.waiting,
        "failures": system.failures,
        "failure_threshold": system.failure_threshold,
        "cool_down_seconds": system.cool_down_seconds,
        "half_open_at": system.half_open_at,
        "stopped_by": system.stopped_by or None,
        "last_failure": system.last_failure or None,
        "last_failed_at": system.last_failed_at,
    }
