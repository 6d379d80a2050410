"""The read side: questions that pages, endpoints and verbs ask, each in a fixed number of statements.

Not here: words of REST (`processes.api.rows`) and anything that writes. Begin with `timeline`.
"""

from processes.queries.edits import edits_since
from processes.queries.folds import Fold, PageSteps, fold_of, page_steps
from processes.queries.news import StepNews, step_news
from processes.queries.plans import plan_of
from processes.queries.revision import Revision, revision
from processes.queries.rows import (
    current_state,
    find,
    find_try,
    status_counts,
)
from processes.queries.timeline import Attempt, TimelineStep, definition_change, timeline, with_changes

__all__ = [
    "Attempt",
    "Fold",
    "PageSteps",
    "Revision",
    "StepNews",
    "TimelineStep",
    "current_state",
    "definition_change",
    "edits_since",
    "find",
    "find_try",
    "fold_of",
    "page_steps",
    "plan_of",
    "revision",
    "status_counts",
    "step_news",
    "timeline",
    "with_changes",
]
