"""Single processes, tries of their steps, and how many there are of each status."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Count, QuerySet

from processes.access import error_texts
from processes.engine.values.secrets import has_sealed, masked
from processes.engine.values.state import ReadThrough
from processes.models import Process, Step
from processes.store import load_state


@dataclass(frozen=True)
class Try:
    """A try of a step by itself, as whoever looks may read it: what it changed in the state, and why it failed."""

    row_id: int
    process_id: UUID
    name: str
    patch: Mapping[str, Any] | None
    error: Mapping[str, Any] | None


def find(process_id: UUID) -> Process:
    """The process with its workflow, for its pages. Raises Process.DoesNotExist."""
    return Process.objects.select_related("workflow_version__workflow").get(pk=process_id)


def status_counts(among: QuerySet[Process]) -> dict[str, dict[str, int]]:
    """How many of these processes and tasks there are by status; a status that none has is left out."""
    counts: dict[str, dict[str, int]] = {"process_counts": {}, "task_counts": {}}
    rows = among.order_by().values_list("is_task", "status").annotate(n=Count("pk"))
    for is_task, status, number in rows:
        counts["task_counts" if is_task else "process_counts"][status] = number
    return counts


def current_state(process_id: UUID) -> dict[str, Any]:
    """The state after the last committed step, with a mask in place of each secret."""
    return ReadThrough(load_state(process_id), has_sealed, masked).as_dict()


def find_try(process_id: UUID, path: str, visit: int, attempt: int) -> Try:
    """A try of a step, for whoever looks. Raises Step.DoesNotExist."""
    step = Step.objects.get(process=process_id, path=path, visit=visit, attempt=attempt)
    return Try(step.pk, process_id, step.name, masked(step.patch), error_texts.error(step.error))
