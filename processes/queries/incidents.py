"""What went wrong that was not a step's own error: lost workers, overrun deadlines, changed definitions, and external
systems whose circuit breaker is not closed.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from django.db.models import Q

from processes.access.viewer import seen
from processes.engine.transitions import OUTCOME_UNKNOWN
from processes.engine.values.status import StepStatus
from processes.execution.recovery import StepTimedOut
from processes.models import Process, Step
from processes.models.process import TROUBLE_STATUSES
from processes.plugins.registry import DefinitionChanged
from processes.queries import external_systems
from processes.queries.external_systems import SystemRow

LATEST = 50


class IncidentKind(StrEnum):
    """What happened."""

    CRASHED = "crashed"
    TIMED_OUT = "timed_out"
    OUTCOME_UNKNOWN = "outcome_unknown"
    DEFINITION_CHANGED = "definition_changed"


_BY_ERROR = {
    StepTimedOut.__name__: IncidentKind.TIMED_OUT,
    DefinitionChanged.__name__: IncidentKind.DEFINITION_CHANGED,
    OUTCOME_UNKNOWN.class_name: IncidentKind.OUTCOME_UNKNOWN,
}


@dataclass(frozen=True)
class Incident:
    """One try that came to no good end of its own; `worker` is empty where none was at fault."""

    kind: IncidentKind
    process: Process
    step_name: str
    attempt: int
    worker: str
    started_at: datetime
    at: datetime | None
    message: str
    row_id: int

    @property
    def process_id(self) -> UUID:
        return self.process.pk


def kind_of(status: str, error: Mapping[str, Any] | None) -> IncidentKind | None:
    """What kind of incident a try was; None for a success, and for an error of the step's own."""
    if status == StepStatus.CRASHED:
        return IncidentKind.CRASHED
    return _BY_ERROR.get(str((error or {}).get("class", "")))


_NOT_TOLD = ("patch", "process__traceback", "process__workflow_version__plan", "process__workflow_version__document")
"""Columns that may be large."""


def standing() -> list[SystemRow]:
    """External systems whose circuit breaker is not closed, or that are stopped, by name, in one query."""
    return [one for one in external_systems.rows() if not one.is_closed]


def latest(limit: int = LATEST) -> list[Incident]:
    """The newest incidents, newest first, in one query."""
    classes = {"error__class__in": sorted(_BY_ERROR)}
    rows = Step.objects.filter(Q(status=StepStatus.CRASHED) | Q(**classes), status__in=TROUBLE_STATUSES)
    everything = Process.objects.all()
    narrowed = seen(everything)
    rows = rows if narrowed is everything else rows.filter(process__in=narrowed)
    found = rows.select_related("process__workflow_version__workflow").order_by("-id")[:limit]
    return [_incident(row) for row in found.defer(*_NOT_TOLD)]


def _incident(row: Step) -> Incident:
    kind = kind_of(row.status, row.error)
    assert kind is not None
    return Incident(
        kind=IncidentKind.OUTCOME_UNKNOWN if _is_unknown(row) else kind,
        process=row.process,
        step_name=row.name,
        attempt=row.attempt,
        worker=row.worker,
        started_at=row.started_at,
        at=row.completed_at,
        message=str((row.error or {}).get("message", "")),
        row_id=row.pk,
    )


def _is_unknown(row: Step) -> bool:
    """Whether its process still waits for somebody who knows what this try has done."""
    process = row.process
    here = (process.position_path, process.position_visit, process.position_attempt)
    is_here = here == (row.path, row.visit, row.attempt)
    return is_here and process.error_class == OUTCOME_UNKNOWN.class_name
