"""Processes in the words of REST: the rows of lists, details and steps."""

from collections.abc import Iterable
from typing import Any

from django.db.models import QuerySet

from processes.models import Process
from processes.queries.rows import current_state, subjects_of
from processes.queries.timeline import TimelineStep, timeline

SUBSCRIPTION = "subscription"
"""The kind of subject that REST names by the words of its clients."""

_COLUMNS = (
    "id", "workflow_name", "target", "is_task", "status", "last_step", "failed_reason", "created_by", "assignee",
    "blocked_by_system", "note", "started_at", "last_modified_at", "ended_at",
)  # fmt: skip
_RENAMED = {"id": "process_id", "target": "workflow_target", "status": "last_status", "blocked_by_system": "waits_for"}

Row = dict[str, Any]


def list_rows(processes: QuerySet[Process]) -> list[Row]:
    """The rows of a (sliced) list in the words of REST, with their subjects; two queries."""
    rows = [{_RENAMED.get(key, key): value for key, value in row.items()} for row in processes.values(*_COLUMNS)]
    subjects = subjects_of(row["process_id"] for row in rows)
    for row in rows:
        about = subjects.get(row["process_id"], [])
        row["subjects"] = [{"kind": subject.kind, "id": subject.id, "label": subject.label} for subject in about]
        row["waits_for"] = row["waits_for"] or None
        row["subscriptions"] = [
            {"subscription_id": subject.id, "description": subject.label}
            for subject in about
            if subject.kind == SUBSCRIPTION
        ]
    return rows


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
