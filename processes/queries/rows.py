"""Processes as rows, for lists and details over REST."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.db.models import Count, QuerySet

from processes.models import Process, ProcessSubject
from processes.queries.timeline import step_rows, timeline
from processes.store import load_state

SUBSCRIPTION = "subscription"
"""The kind of subject that REST names by the words of its clients."""

_COLUMNS = (
    "id", "workflow_name", "target", "is_task", "status", "last_step", "failed_reason", "created_by", "assignee",
    "waits_for", "note", "started_at", "last_modified_at", "ended_at",
)  # fmt: skip
_RENAMED = {"id": "process_id", "target": "workflow_target", "status": "last_status"}

Row = dict[str, Any]


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
