"""The read side: questions that pages, endpoints and verbs ask, each in a fixed number of statements.

Not here: words of REST (`processes.api.rows`) and anything that writes. Begin with `timeline`.
"""

from processes.queries.rows import (
    current_state,
    find,
    status_counts,
    subjects_of,
)
from processes.queries.timeline import Attempt, TimelineStep, definition_change, timeline, with_changes

__all__ = [
    "Attempt",
    "TimelineStep",
    "current_state",
    "definition_change",
    "find",
    "status_counts",
    "subjects_of",
    "timeline",
    "with_changes",
]
