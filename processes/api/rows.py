"""Processes in the words of REST: the rows of lists, details and steps."""

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from processes.access import error_texts
from processes.models import Process
from processes.queries.rows import current_state
from processes.queries.subjects import listed
from processes.queries.timeline import TimelineStep, timeline
from processes.store.listed import ListedProcess

SUBSCRIPTION = "subscription"
"""The kind of subject that REST names by the words of its clients."""

Row = dict[str, Any]


def list_rows(ids: Sequence[UUID]) -> list[Row]:
    """The processes of these ids, in this order, in the words of REST, with their subjects; one query."""
    return [_list_row(process) for process in listed(ids)]


def _list_row(process: ListedProcess) -> Row:
    return {
        "process_id": process.id,
        "workflow_name": process.workflow_name,
        "workflow_target": process.target,
        "is_task": process.is_task,
        "last_status": process.status,
        "last_step": process.last_step,
        "failed_reason": error_texts.reason(process.failed_reason),
        "created_by": process.created_by,
        "assignee": process.assignee,
        "waits_for": process.blocked_by_system or None,
        "note": process.note,
        "started_at": process.started_at,
        "last_modified_at": process.last_modified_at,
        "ended_at": process.ended_at,
        "subjects": [{"kind": subject.kind, "id": subject.id, "label": subject.label} for subject in process.subjects],
        "subscriptions": [
            {"subscription_id": subject.id, "description": subject.label}
            for subject in process.subjects
            if subject.kind == SUBSCRIPTION
        ],
    }


def detail_row(process: Process) -> Row:
    """One process in the words of REST: the row of the list, its steps, state and traceback."""
    (row,) = list_rows([process.pk])
    return {
        **row,
        "workflow_description": process.workflow_version.workflow.description,
        "traceback": error_texts.traceback(process.traceback),
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
