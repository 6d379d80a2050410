"""Processes as plain rows for pages and REST: lists, counts, and the timeline of one."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson
from django.db.models import Count, QuerySet

from processes import registry
from processes.engine.plan import PlanRow, PlanStep, compare, is_compatible
from processes.engine.status import COMMITTED_STATUSES, ProcessStatus, RunState, StepKind, StepStatus
from processes.incidents import Kind, kind_of
from processes.models import Process, ProcessSubject, Step
from processes.panels import StepChange, StepPatch, step_changes
from processes.store import load_state

SUBSCRIPTION = "subscription"
"""The kind of subject that REST names by the words of its clients."""

_COLUMNS = (
    "id", "workflow_name", "target", "is_task", "status", "last_step", "failed_reason", "created_by", "assignee",
    "waits_for", "note", "started_at", "last_modified_at", "ended_at",
)  # fmt: skip
_RENAMED = {"id": "process_id", "target": "workflow_target", "status": "last_status"}

Row = dict[str, Any]


@dataclass(frozen=True)
class Attempt:
    """One try of a step. `patch` is what it changed in the state, `error` has class, message and traceback.

    `changes` are what it changed outside, `reason` is why a person skipped the step or changed the state. A try that
    runs now, and a step that has not run yet, have no row: their `row_id` is None.
    """

    status: StepStatus
    attempt: int
    started_at: datetime | None = None
    completed_at: datetime | None = None
    patch: Mapping[str, Any] | None = None
    error: Mapping[str, str] | None = None
    progress: Any = None
    created_by: str = ""
    worker: str = ""
    reason: str = ""
    row_id: int | None = None
    changes: tuple[StepChange, ...] = ()

    @property
    def incident(self) -> Kind | None:
        """What kind of incident it was, if any."""
        return kind_of(self.status, self.error)

    @property
    def patch_text(self) -> str:
        """What it changed as indented JSON, to be copied."""
        return orjson.dumps(self.patch, option=orjson.OPT_INDENT_2).decode()


@dataclass(frozen=True)
class TimelineStep:
    """A step of a process: its latest attempt, and those before it, oldest first."""

    path: str
    name: str
    kind: str
    visit: int
    latest: Attempt
    earlier: tuple[Attempt, ...] = ()
    is_current: bool = False

    @property
    def incidents(self) -> tuple[Attempt, ...]:
        """Earlier attempts that ended by an incident."""
        return tuple(one for one in self.earlier if one.incident)


def list_rows(processes: QuerySet[Process]) -> list[Row]:
    """The rows of a (sliced) list in the words of REST, with their subjects; two queries."""
    rows = [{_RENAMED.get(key, key): value for key, value in row.items()} for row in processes.values(*_COLUMNS)]
    subjects = subjects_of(row["process_id"] for row in rows)
    for row in rows:
        about = subjects.get(row["process_id"], [])
        row["subjects"] = about
        row["waits_for"] = row["waits_for"] or None
        row["subscriptions"] = [
            {"subscription_id": one["id"], "description": one["label"]} for one in about if one["kind"] == SUBSCRIPTION
        ]
    return rows


def subjects_of(process_ids: Iterable[UUID]) -> dict[UUID, list[Row]]:
    """What processes are about, as rows of kind, id and label, in one query."""
    found: dict[UUID, list[Row]] = {}
    rows = ProcessSubject.objects.filter(process__in=list(process_ids)).order_by("id")
    for process_id, kind, subject_id, label in rows.values_list("process_id", "kind", "subject_id", "label"):
        found.setdefault(process_id, []).append({"kind": kind, "id": subject_id, "label": label})
    return found


def find(process_id: UUID) -> Process:
    """The process with its workflow, for its pages. Raises Process.DoesNotExist."""
    return Process.objects.select_related("workflow_version__workflow").get(pk=process_id)


def status_counts() -> dict[str, dict[str, int]]:
    """How many processes and tasks there are by status; a status that none has is left out."""
    counts: dict[str, dict[str, int]] = {"process_counts": {}, "task_counts": {}}
    rows = Process.objects.order_by().values_list("is_task", "status").annotate(n=Count("pk"))
    for is_task, status, number in rows:
        counts["task_counts" if is_task else "process_counts"][status] = number
    return counts


def current_state(process_id: UUID) -> dict[str, Any]:
    """The state after the last committed step."""
    return load_state(process_id).as_dict()


def timeline(process: Process) -> list[TimelineStep]:
    """Every step of a process in order, pending ones too, from the plan it began with and what was recorded."""
    recorded = _recorded(process)
    steps: list[TimelineStep] = []
    reached: list[int] = []
    for one in _plan(process):
        rows = recorded.pop(one.path, [])
        steps.append(_planned(process, rows, one))
        reached.append(max((row.sequence or 0 for row in rows), default=0))
    edits = [row for rows in recorded.values() for row in rows if row.kind == StepKind.EDIT]
    for row in sorted(edits, key=lambda row: row.sequence or 0):
        place = _place(reached, row.sequence or 0)
        steps.insert(place, _recorded_only([row]))
        reached.insert(place, row.sequence or 0)
    steps += [_recorded_only(rows) for rows in recorded.values() if rows[0].kind != StepKind.EDIT]
    return steps


def with_changes(process_id: UUID, steps: Sequence[TimelineStep]) -> list[TimelineStep]:
    """The same steps with what each try changed outside the state, as the panels of the site tell it."""
    patches = [
        StepPatch(one.row_id, step.path, one.patch)
        for step in steps
        for one in (*step.earlier, step.latest)
        if one.row_id and one.patch
    ]
    found = step_changes(process_id, patches)

    def told(one: Attempt) -> Attempt:
        return replace(one, changes=found[one.row_id]) if one.row_id in found else one

    return [replace(step, latest=told(step.latest), earlier=tuple(map(told, step.earlier))) for step in steps]


def _place(reached: Sequence[int], sequence: int) -> int:
    """Where something stands that was committed under this number: behind all that was committed before it."""
    before = [index for index, number in enumerate(reached) if 0 < number < sequence]
    return before[-1] + 1 if before else 0


def _plan(process: Process) -> list[PlanStep]:
    return [
        PlanStep(str(one["path"]), str(one["name"]), StepKind(one["kind"])) for one in process.workflow_version.plan
    ]


def definition_change(process: Process) -> tuple[PlanRow, ...]:
    """The plan a stopped process began with beside that of this release, when it cannot go on under it; else empty."""
    if not (process.is_failed or process.status == ProcessStatus.SUSPENDED):
        return ()
    try:
        workflow = registry.get(process.workflow_name)
    except registry.UnknownWorkflow:
        return ()
    if is_compatible(process.workflow_version.plan, workflow.plan, process.position_path):
        return ()
    return compare(_plan(process), workflow.plan)


def _recorded(process: Process) -> dict[str, list[Step]]:
    found: dict[str, list[Step]] = {}
    for row in process.steps.order_by("id"):
        found.setdefault(row.path, []).append(row)
    return found


def _planned(process: Process, rows: Sequence[Step], one: PlanStep) -> TimelineStep:
    attempts = [_attempt(row) for row in rows]
    is_here = process.run_state != RunState.ENDED and process.position_path == one.path
    visited = [row for row in rows if row.visit == process.position_visit]
    if is_here and not any(row.status in COMMITTED_STATUSES for row in visited):
        attempts += _under_way(process, attempts)
    if not attempts:
        attempts = [Attempt(StepStatus.PENDING, attempt=1)]
    *earlier, latest = attempts
    return TimelineStep(one.path, one.name, one.kind, process.position_visit, latest, tuple(earlier), is_here)


def _under_way(process: Process, attempts: Sequence[Attempt]) -> Iterator[Attempt]:
    """The try that runs now or is about to; none while the process stands still."""
    if process.run_state == RunState.RUNNING:
        yield Attempt(
            StepStatus.RUNNING,
            attempt=process.position_attempt,
            started_at=process.attempt_started_at,
            progress=process.progress,
            worker=process.owner,
        )
    elif process.run_state == RunState.READY and attempts and process.status != ProcessStatus.WAITING:
        yield Attempt(StepStatus.PENDING, attempt=attempts[-1].attempt + 1)


def _recorded_only(rows: Sequence[Step]) -> TimelineStep:
    """A step that the plan does not have, such as the one that tells of an abort."""
    *earlier, latest = [_attempt(row) for row in rows]
    last = rows[-1]
    return TimelineStep(last.path, last.name, last.kind, last.visit, latest, tuple(earlier))


def _attempt(row: Step) -> Attempt:
    return Attempt(
        status=StepStatus(row.status),
        attempt=row.attempt,
        started_at=row.started_at,
        completed_at=row.completed_at,
        patch=row.patch,
        error=row.error,
        progress=row.progress,
        created_by=row.created_by,
        worker=row.worker,
        reason=row.reason or "",
        row_id=row.pk,
    )


def step_rows(steps: Iterable[TimelineStep]) -> list[Row]:
    """A timeline in the words of REST: one row an attempt."""
    return [
        {
            "name": step.name,
            "path": step.path,
            "kind": step.kind,
            "visit": step.visit,
            "attempt": attempt.attempt,
            "status": attempt.status,
            "started_at": attempt.started_at,
            "completed_at": attempt.completed_at,
            "state_delta": attempt.patch,
            "error": attempt.error,
            "progress": attempt.progress,
            "created_by": attempt.created_by or None,
            "worker": attempt.worker or None,
            "reason": attempt.reason or None,
        }
        for step in steps
        for attempt in (*step.earlier, step.latest)
    ]


def detail_row(process: Process) -> Row:
    """One process in the words of REST: the row of the list, its steps, state and traceback."""
    (row,) = list_rows(Process.objects.filter(pk=process.pk))
    return {
        **row,
        "workflow_description": process.workflow_version.workflow.description,
        "traceback": process.traceback,
        "error_class": process.error_class,
        "current_state": current_state(process.pk),
        "steps": step_rows(timeline(process)),
    }
