"""The settings in force, for administrators; a secret is never among them."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.conf import settings
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from processes.access.permissions import Action

SHOWN: Mapping[str, Sequence[str]] = {
    "site": ("DEBUG", "ALLOWED_HOSTS", "TIME_ZONE", "LANGUAGE_CODE"),
    "workflows": ("WORKFLOW_MODULES", "PROCESS_PANELS", "STEP_PANELS", "SUBJECT_ROWS"),
    "access": ("ACCESS_DECIDE", "ACCESS_ROWS"),
}
"""Settings by group; what is not named here is not shown."""


class SettingShape(serializers.Serializer[Any]):
    """A setting and its value."""

    env_name = serializers.CharField()
    env_value = serializers.JSONField()


class SettingGroup(serializers.Serializer[Any]):
    """Settings that belong together."""

    name = serializers.CharField()
    variables = SettingShape(many=True)


class Overview(APIView):
    """The settings in force, by group."""

    action = Action.ADMINISTER

    @extend_schema(operation_id="settings_overview", responses=SettingGroup(many=True))
    def get(self, request: Request) -> Response:
        return Response(
            [
                {
                    "name": group,
                    "variables": [{"env_name": name, "env_value": getattr(settings, name, None)} for name in names],
                }
                for group, names in SHOWN.items()
            ]
        )
