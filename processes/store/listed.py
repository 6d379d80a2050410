"""Processes as lists show them, with what they are about, by one statement."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

import orjson

from processes.engine.binding import Subject
from processes.store.statements import Statement, moment, uuid


class ListedProcess(NamedTuple):
    """A row of a list; a tuple, since there are a thousand of them on a part. `description` is the workflow's."""

    id: UUID
    workflow_name: str
    description: str
    target: str
    is_task: bool
    status: str
    last_step: str | None
    failed_reason: str | None
    created_by: str
    assignee: str
    blocked_by_system: str
    note: str | None
    started_at: datetime
    last_modified_at: datetime
    ended_at: datetime | None
    subjects: tuple[Subject, ...]


_LISTED = Statement(
    postgresql="""
SELECT p.id, p.workflow_name, w.description, p.target, p.is_task, p.status, p.last_step, p.failed_reason, p.created_by,
       p.assignee, p.blocked_by_system, p.note, p.started_at, p.last_modified_at, p.ended_at, (
           SELECT CAST(json_agg(json_build_array(s.kind, s.subject_id, s.label) ORDER BY s.id) AS text)
           FROM processes_processsubject s WHERE s.process_id = p.id
       )
FROM processes_process p
JOIN processes_workflowversion v ON v.id = p.workflow_version_id
JOIN processes_workflow w ON w.id = v.workflow_id
WHERE p.id = ANY(%(ids)s)
""",
    sqlite="""
SELECT p.id, p.workflow_name, w.description, p.target, p.is_task, p.status, p.last_step, p.failed_reason, p.created_by,
       p.assignee, p.blocked_by_system, p.note, p.started_at, p.last_modified_at, p.ended_at, (
           SELECT json_group_array(json_array(s.kind, s.subject_id, s.label)) FROM (
               SELECT kind, subject_id, label FROM processes_processsubject WHERE process_id = p.id ORDER BY id
           ) s
       )
FROM processes_process p
JOIN processes_workflowversion v ON v.id = p.workflow_version_id
JOIN processes_workflow w ON w.id = v.workflow_id
WHERE p.id IN (SELECT value FROM json_each(%(ids)s))
""",
)


def listed(ids: Sequence[UUID]) -> list[ListedProcess]:
    """The processes of these ids, in this order; those that are gone meanwhile are left out."""
    shown: dict[UUID, ListedProcess] = {}
    for pk, *facts, started_at, modified_at, ended_at, subjects in _LISTED.rows(ids):
        about = tuple(Subject(*one) for one in orjson.loads(subjects)) if subjects else ()
        moments = map(moment, (started_at, modified_at, ended_at))
        row = ListedProcess._make([uuid(pk), *facts, *moments, about])
        shown[row.id] = row
    return [shown[one] for one in ids if one in shown]
