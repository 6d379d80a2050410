"""A process as its page shows it, but for its steps, by one statement: an open page asks for it each second."""

from typing import Any, NamedTuple
from uuid import UUID

from processes.store.statements import Statement


class RevisionRow(NamedTuple):
    """The columns of a process that its page shows; then the fingerprint of its plan, its workflow, and of a pause.

    Values are as the database keeps them.
    """

    id: Any
    workflow_version_id: int
    workflow_name: str
    target: str
    is_task: Any
    run_state: str
    status: str
    position_path: str
    position_visit: int
    position_attempt: int
    attempt_started_at: Any
    progress: Any
    sequence: int
    fence: int
    leased_by: str
    ready_at: Any
    blocked_by_system: str
    created_by: str
    assignee: str
    note: str | None
    last_step: str | None
    failed_reason: str | None
    error_class: str | None
    started_at: Any
    last_modified_at: Any
    ended_at: Any
    plan: str
    workflow_id: int
    description: str
    paused_at: Any


_REVISION = Statement(
    postgresql="""
SELECT p.id, p.workflow_version_id, p.workflow_name, p.target, p.is_task, p.run_state, p.status, p.position_path,
       p.position_visit, p.position_attempt, p.attempt_started_at, p.progress, p.sequence, p.fence, p.leased_by,
       p.ready_at, p.blocked_by_system, p.created_by, p.assignee, p.note, p.last_step, p.failed_reason, p.error_class,
       p.started_at, p.last_modified_at, p.ended_at, v.fingerprint, v.workflow_id, w.description, e.paused_at
FROM processes_process p
JOIN processes_workflowversion v ON v.id = p.workflow_version_id
JOIN processes_workflow w ON w.id = v.workflow_id
LEFT JOIN processes_enginesettings e ON e.id = 1
WHERE p.id = ANY(%(ids)s)
""",
    sqlite="""
SELECT p.id, p.workflow_version_id, p.workflow_name, p.target, p.is_task, p.run_state, p.status, p.position_path,
       p.position_visit, p.position_attempt, p.attempt_started_at, p.progress, p.sequence, p.fence, p.leased_by,
       p.ready_at, p.blocked_by_system, p.created_by, p.assignee, p.note, p.last_step, p.failed_reason, p.error_class,
       p.started_at, p.last_modified_at, p.ended_at, v.fingerprint, v.workflow_id, w.description, e.paused_at
FROM processes_process p
JOIN processes_workflowversion v ON v.id = p.workflow_version_id
JOIN processes_workflow w ON w.id = v.workflow_id
LEFT JOIN processes_enginesettings e ON e.id = 1
WHERE p.id IN (SELECT value FROM json_each(%(ids)s))
""",
)


def revision_row(process_id: UUID) -> RevisionRow | None:
    """How the process is now; None when there is none of this id."""
    rows = _REVISION.rows([process_id])
    return RevisionRow(*rows[0]) if rows else None
