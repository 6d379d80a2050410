"""Processes in the words of REST: the rows of lists, details and steps."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID, uuid5

from processes.access import error_texts
from processes.engine.binding import Subject
from processes.models import Process
from processes.plugins.panels import RestRow, SubjectKey, rest_rows
from processes.queries.rows import current_state
from processes.queries.states import states_after
from processes.queries.subjects import listed
from processes.queries.timeline import Attempt, TimelineStep, timeline
from processes.queries.workflows import workflow_id
from processes.store.listed import ListedProcess

SUBSCRIPTION = "subscription"
"""The kind of subject that REST names by the words of its clients."""

Row = dict[str, Any]


def list_rows(ids: Sequence[UUID]) -> list[Row]:
    """The processes of these ids, in this order, in the words of REST, with their subjects.

    Two queries: one more for what the site tells of the subjects.
    """
    processes = listed(ids)
    told = rest_rows((subject.kind, subject.id) for process in processes for subject in process.subjects)
    return [_list_row(process, told) for process in processes]


def _list_row(process: ListedProcess, told: Mapping[SubjectKey, RestRow]) -> Row:
    subscriptions = [_subscription(subject, told) for subject in process.subjects if subject.kind == SUBSCRIPTION]
    first = subscriptions[0] if subscriptions else {}
    return {
        "process_id": process.id,
        "workflow_id": workflow_id(process.workflow_name),
        "workflow_name": process.workflow_name,
        "workflow_target": process.target.upper(),
        "product_id": first.get("product_id"),
        "customer_id": first.get("customer_id"),
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
        "subscriptions": subscriptions,
    }


def _subscription(subject: Subject, told: Mapping[SubjectKey, RestRow]) -> RestRow:
    """What the site tells of a subscription; of one that is gone, or not for whoever asks, its id and last label."""
    return told.get((subject.kind, subject.id)) or {"subscription_id": subject.id, "description": subject.label}


def detail_row(process: Process) -> Row:
    """One process in the words of REST: the row of the list, its steps, state and traceback."""
    (row,) = list_rows([process.pk])
    return {
        **row,
        "workflow_description": process.workflow_version.workflow.description,
        "traceback": error_texts.traceback(process.traceback),
        "error_class": process.error_class,
        "current_state": current_state(process.pk),
        "steps": step_rows(process.pk, timeline(process)),
    }


def step_rows(process_id: UUID, steps: Iterable[TimelineStep]) -> list[Row]:
    """A timeline in the words of REST: one row an attempt."""
    states = states_after(process_id)
    return [
        {
            "step_id": uuid5(process_id, str(attempt.row_id)) if attempt.row_id else None,
            "name": step.name,
            "path": step.path,
            "kind": step.kind,
            "visit": step.visit,
            "attempt": attempt.attempt,
            "status": attempt.status,
            "started": attempt.started_at,
            "completed": attempt.completed_at,
            "started_at": attempt.started_at,
            "completed_at": attempt.completed_at,
            "state": _state(attempt, states),
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


def _state(attempt: Attempt, states: Mapping[int, Mapping[str, Any]]) -> Mapping[str, Any] | None:
    """The state after a try; of one that failed its error, as the Workflow Orchestrator keeps it."""
    if attempt.error:
        told = {key: value for key, value in attempt.error.items() if key in {"class", "details", "traceback"}}
        return {**told, "error": attempt.error.get("message", "")}
    return states.get(attempt.row_id or 0)
