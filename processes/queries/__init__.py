"""The read side: questions that pages, endpoints and verbs ask; each in a fixed number of statements."""

from processes.queries.rows import (
    SUBSCRIPTION,
    Row,
    current_state,
    detail_row,
    find,
    list_rows,
    status_counts,
    subjects_of,
)
from processes.queries.timeline import Attempt, TimelineStep, definition_change, step_rows, timeline, with_changes

__all__ = [
    "SUBSCRIPTION",
    "Attempt",
    "Row",
    "TimelineStep",
    "current_state",
    "definition_change",
    "detail_row",
    "find",
    "list_rows",
    "status_counts",
    "step_rows",
    "subjects_of",
    "timeline",
    "with_changes",
]
