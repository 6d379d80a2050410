"""Is the site well: what a load balancer and a person on call ask."""

import logging
from collections.abc import Mapping
from datetime import timedelta

from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from orchestrator_site.rest.problems import unlogged
from processes.models import Worker

SEEN_LATELY = timedelta(seconds=60)

logger = logging.getLogger(__name__)


def checks() -> Mapping[str, str]:
    """Each check with `ok` or a word for what is wrong; nothing that helps an attacker."""
    if not _answers():
        return {"database": "unreachable", "migrations": "unknown", "workers": "unknown"}
    if not _migrated():
        return {"database": "ok", "migrations": "missing", "workers": "unknown"}
    return {"database": "ok", "migrations": "ok", "workers": "ok" if _worker_seen() else "none seen recently"}


def _answers() -> bool:
    """Whether the database does, on the present connection or a new one."""
    try:
        connection.ensure_connection()
    except DatabaseError:
        logger.exception("The database is not responding")
        return False
    return bool(connection.is_usable())


_complete: list[bool] = []


def _migrated() -> bool:
    """Whether nothing is left to migrate; once true it stays so for this process, whose code does not change."""
    if not _complete:
        executor = MigrationExecutor(connection)
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            return False
        _complete.append(True)
    return True


def _worker_seen() -> bool:
    return Worker.objects.filter(ended_at=None, beat_at__gt=timezone.now() - SEEN_LATELY).exists()


class HealthSerializer(serializers.Serializer[dict[str, object]]):
    """`ok` when all checks pass, otherwise `failing`."""

    status = serializers.ChoiceField(["ok", "failing"])
    checks = serializers.DictField(child=serializers.CharField())


class Health(APIView):
    """Whether the database responds, migrations are applied and a worker was seen within a minute. No sign-in."""

    authentication_classes = []
    permission_classes = []

    @extend_schema(
        operation_id="health",
        tags=["operations"],
        auth=[],
        responses={200: HealthSerializer, 503: HealthSerializer},
        examples=[
            OpenApiExample(
                "Healthy",
                value={"status": "ok", "checks": {"database": "ok", "migrations": "ok", "workers": "ok"}},
                response_only=True,
                status_codes=["200"],
            )
        ],
    )
    def get(self, request: Request) -> Response:
        found = checks()
        well = all(state == "ok" for state in found.values())
        answer = Response({"status": "ok" if well else "failing", "checks": found}, status=200 if well else 503)
        return unlogged(answer)  # whoever asks sees it, and asks often
