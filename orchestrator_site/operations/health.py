"""Is the site well: what a load balancer and a person on call ask."""

import logging
import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from time import monotonic

from django.conf import settings
from django.db import DatabaseError, connection, transaction
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from orchestrator_site.models import HealthMark
from orchestrator_site.rest.problems import unlogged
from processes.models import Worker
from processes.store import DATABASE_LOST
from processes.store.patience import at_most
from processes.store.schema import missing_columns

SEEN_LATELY = timedelta(seconds=60)
REMEMBERED_SECONDS = 5.0
WAIT_SECONDS = 2.0
"""For each answer of the database: who asks wants to know now."""
ADDRESS = "/api/health/"
LEAST_FREE = 50_000_000
"""Bytes; below it a disk is as good as full."""

logger = logging.getLogger(__name__)


def checks() -> Mapping[str, str]:
    """Each check with `ok` or a word for what is wrong; nothing that helps an attacker."""
    unknown = {"database": "unreachable", **dict.fromkeys(("migrations", "writes", "disk", "workers"), "unknown")}
    if not _answers():
        return unknown
    try:
        with at_most(WAIT_SECONDS):
            return _asked()
    except DATABASE_LOST:
        logger.exception("The database has gone away")
        return unknown


def _asked() -> Mapping[str, str]:
    return {
        "database": "ok",
        "migrations": _schema(),
        "writes": _writes(),
        "disk": _disk(),
        "workers": "ok" if _worker_seen() else "none seen recently",
    }


def without_cookies(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware before the session: who asks whether the site is well is nobody, also with the cookies of a browser.

    A session would be looked up in the very database that may be away.
    """

    def answer(request: HttpRequest) -> HttpResponse:
        if request.path_info == ADDRESS:
            request.COOKIES = {}
        return get_response(request)

    return answer


def _answers() -> bool:
    """Whether the database does, on the present connection or a new one."""
    try:
        with at_most(WAIT_SECONDS):
            connection.ensure_connection()
            return bool(connection.is_usable())
    except DatabaseError:
        logger.exception("The database is not responding")
        return False


_complete: list[bool] = []


def _schema() -> str:
    """Whether nothing is left to migrate and every column is there; once so it stays, for the code does not change.

    A database may have been migrated by a migration that was another then.
    """
    if not _complete:
        executor = MigrationExecutor(connection)
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            return "missing"
        if missing := missing_columns():
            logger.error("The database does not fit this release: it lacks %s", ", ".join(missing[:20]))
            return "do not fit"
        _complete.append(True)
    return "ok"


@dataclass
class _Mark:
    """When this process last wrote for a check, and whether it could."""

    at: float = -REMEMBERED_SECONDS
    could: bool = False


_last = _Mark()


def _writes() -> str:
    """Whether the database can be written: a row that nothing reads, once in five seconds however often one asks."""
    now = monotonic()
    if now - _last.at >= REMEMBERED_SECONDS:
        _last.at, _last.could = now, _write()
    return "ok" if _last.could else "refused"


def _write() -> bool:
    try:
        with transaction.atomic():
            if not HealthMark.objects.filter(pk=1).update(at=timezone.now()):
                HealthMark.objects.get_or_create(pk=1, defaults={"at": timezone.now()})
    except DatabaseError:
        logger.exception("The database cannot be written")
        return False
    return True


def _disk() -> str:
    """Whether there is room where this site keeps its files; that of a database elsewhere is told by `writes`."""
    folders = [settings.DATA_DIR]
    if connection.vendor == "sqlite":
        folders.append(Path(str(connection.settings_dict["NAME"])).parent)
    free = [shutil.disk_usage(folder).free for folder in folders if folder.is_dir()]
    return "full" if free and min(free) < LEAST_FREE else "ok"


def _worker_seen() -> bool:
    return Worker.objects.filter(ended_at=None, beat_at__gt=timezone.now() - SEEN_LATELY).exists()


class HealthSerializer(serializers.Serializer[dict[str, object]]):
    """`ok` when all checks pass, otherwise `failing`."""

    status = serializers.ChoiceField(["ok", "failing"])
    checks = serializers.DictField(child=serializers.CharField())


class Health(APIView):
    """Whether the database responds, fits this release and can be written, the disk has room, and a worker was seen
    within a minute. No sign-in.
    """

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
                value={
                    "status": "ok",
                    "checks": {"database": "ok", "migrations": "ok", "writes": "ok", "disk": "ok", "workers": "ok"},
                },
                response_only=True,
                status_codes=["200"],
            )
        ],
    )
    def get(self, request: Request) -> Response:
        found = checks()
        well = all(state == "ok" for state in found.values())
        answer = Response(
            {"status": "ok" if well else "failing", "checks": found},
            status=200 if well else 503,
            headers={} if well else {"Retry-After": "5"},
        )
        return unlogged(answer)  # whoever asks sees it, and asks often
