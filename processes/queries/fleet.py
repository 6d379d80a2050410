"""What the engine does now, as plain rows for pages, REST and metrics: its workers, and what waits for them."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from django.db.models import Count, Min, Q, QuerySet

from processes.access.viewer import seen_ids
from processes.engine.values.status import ENDED_STATUSES, FAILED_STATUSES, ProcessStatus, RunState
from processes.models import EngineSettings, Process, Worker
from processes.queries.plans import plan_of
from processes.store import clock

SILENT_AFTER = timedelta(seconds=30)
"""Supervisors give a sign for their workers every few seconds; one that gave none for so long may be gone."""
_UNFINISHED = sorted(set(ProcessStatus) - ENDED_STATUSES)


class WorkerState(StrEnum):
    """What a worker does, as far as the database knows."""

    BUSY = "busy"
    IDLE = "idle"
    SILENT = "silent"


@dataclass(frozen=True)
class WorkerRow:
    """A worker that has not signed off; `process` is what it runs now, `step_name` the step of it."""

    id: str
    host: str
    pid: int
    state: WorkerState
    started_at: datetime
    beat_at: datetime
    process: Process | None = None
    step_name: str = ""


@dataclass(frozen=True)
class Backlog:
    """Unfinished processes: `ready` may run now, since when and for how long the first of them is told as well.

    `held` ones wait until an external system takes calls, `delayed` ones try again later, `asking` ones wait for a
    person's input, `awaiting` ones for an answer from outside.
    """

    ready: int
    oldest_ready_seconds: float
    running: int
    held: int
    delayed: int
    asking: int
    awaiting: int
    failed: int
    oldest_ready_at: datetime | None = None


def backlog(among: QuerySet[Process] | None = None) -> Backlog:
    """What there is to do, in two queries; among these processes, or among all."""
    now = clock.now()
    due = Q(run_state=RunState.READY, ready_at__lte=now, blocked_by_system="")
    rows = Process.objects.all() if among is None else among
    found = rows.filter(status__in=_UNFINISHED).aggregate(
        ready=Count("pk", filter=due),
        oldest=Min("ready_at", filter=due),
        running=Count("pk", filter=Q(run_state=RunState.RUNNING)),
        held=Count("pk", filter=~Q(blocked_by_system="")),
        delayed=Count("pk", filter=Q(run_state=RunState.READY, ready_at__gt=now)),
        asking=Count("pk", filter=Q(status=ProcessStatus.SUSPENDED)),
        awaiting=Count("pk", filter=Q(status=ProcessStatus.AWAITING_CALLBACK)),
        failed=Count("pk", filter=Q(status__in=FAILED_STATUSES)),
    )
    oldest = found.pop("oldest")
    waited = (now - oldest).total_seconds() if oldest else 0.0
    return Backlog(**found, oldest_ready_seconds=waited, oldest_ready_at=oldest)


def workers() -> list[WorkerRow]:
    """Every worker that has not signed off, by host and age, with what it runs now; three queries.

    Plans are read once (`plan_of`).
    """
    now = clock.now()
    rows = Process.objects.filter(run_state=RunState.RUNNING).select_related("workflow_version__workflow")
    running = rows.defer("traceback", "workflow_version__plan", "workflow_version__document")
    held = {one.leased_by: one for one in running}
    shown = seen_ids(Process, [one.pk for one in held.values()])
    known = Worker.objects.filter(ended_at__isnull=True).order_by("host", "started_at")
    return [_row(one, held.get(one.pk), now, shown) for one in known]


def _row(worker: Worker, process: Process | None, now: datetime, shown: set[UUID]) -> WorkerRow:
    silent = now - worker.beat_at > SILENT_AFTER
    state = WorkerState.SILENT if silent else WorkerState.BUSY if process else WorkerState.IDLE
    process = process if process is not None and process.pk in shown else None
    return WorkerRow(
        worker.pk, worker.host, worker.pid, state, worker.started_at, worker.beat_at, process, _step_name(process)
    )


def _step_name(process: Process | None) -> str:
    if process is None:
        return ""
    plan = plan_of(process)
    place = plan.places.get(process.position_path)
    return process.position_path if place is None else plan.steps[place].name


class EngineState(StrEnum):
    """Whether processes run; `pausing` while steps that had begun still run."""

    RUNNING = "running"
    PAUSING = "pausing"
    PAUSED = "paused"


@dataclass(frozen=True)
class EngineStatus:
    """The engine as people see it: `running` counts the processes in the hands of a worker."""

    state: EngineState
    running: int
    paused_by: str


def engine_status(among: QuerySet[Process] | None = None) -> EngineStatus:
    """How the engine is now; of the running processes these alone are counted, or all."""
    row = EngineSettings.objects.filter(pk=1).first()
    everything = Process.objects.filter(run_state=RunState.RUNNING)
    told = (everything if among is None else among.filter(run_state=RunState.RUNNING)).count()
    if row is None or row.paused_at is None:
        return EngineStatus(EngineState.RUNNING, told, "")
    is_pausing = told > 0 or (among is not None and everything.exists())
    return EngineStatus(EngineState.PAUSING if is_pausing else EngineState.PAUSED, told, row.paused_by)
