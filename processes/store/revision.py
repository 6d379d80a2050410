"""What decides whether the page of a process has changed, by one statement: an open page asks for it each second."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from processes.store.statements import Statement


@dataclass(frozen=True)
class RevisionRow:
    """A process as far as its page depends on it; `plan` is the fingerprint of the plan that it began with.

    Moments and `progress` are as the database keeps them: to be compared only.
    """

    workflow_name: str
    plan: str
    status: str
    run_state: str
    position_path: str
    position_attempt: int
    progress: Any
    sequence: int
    fence: int
    leased_by: str
    blocked_by_system: str
    ready_at: Any
    assignee: str
    note: str | None
    last_step: str | None
    error_class: str | None
    last_modified_at: Any
    paused_at: Any


_REVISION = Statement(
    postgresql="""
SELECT p.workflow_name, v.fingerprint, p.status, p.run_state, p.position_path, p.position_attempt, p.progress,
       p.sequence, p.fence, p.leased_by, p.blocked_by_system, p.ready_at, p.assignee, p.note, p.last_step,
       p.error_class, p.last_modified_at, e.paused_at
FROM processes_process p
JOIN processes_workflowversion v ON v.id = p.workflow_version_id
LEFT JOIN processes_enginesettings e ON e.id = 1
WHERE p.id = ANY(%(ids)s)
""",
    sqlite="""
SELECT p.workflow_name, v.fingerprint, p.status, p.run_state, p.position_path, p.position_attempt, p.progress,
       p.sequence, p.fence, p.leased_by, p.blocked_by_system, p.ready_at, p.assignee, p.note, p.last_step,
       p.error_class, p.last_modified_at, e.paused_at
FROM processes_process p
JOIN processes_workflowversion v ON v.id = p.workflow_version_id
LEFT JOIN processes_enginesettings e ON e.id = 1
WHERE p.id IN (SELECT value FROM json_each(%(ids)s))
""",
)


def revision_row(process_id: UUID) -> RevisionRow | None:
    """How the process is now; None when there is none of this id."""
    rows = _REVISION.rows([process_id])
    return RevisionRow(*rows[0]) if rows else None
