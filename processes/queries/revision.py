"""A process at a moment, as far as its page depends on it: what decides whether an open page is told anything."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any
from uuid import UUID

import orjson
from django.db import DEFAULT_DB_ALIAS

from processes.access.viewer import narrowed
from processes.engine.values.status import ENDED_STATUSES, FAILED_STATUSES, ProcessStatus
from processes.models import Process, Workflow, WorkflowVersion
from processes.plugins import registry
from processes.queries import external_systems
from processes.queries.external_systems import SystemRow
from processes.store.revision import RevisionRow, revision_row
from processes.store.statements import moment, uuid

_MOMENTS = {"attempt_started_at", "ready_at", "started_at", "last_modified_at", "ended_at"}
_FIELDS = RevisionRow._fields[: RevisionRow._fields.index("plan")]


@dataclass(frozen=True)
class Revision:
    """How a process is, and the external system that it waits for; two are equal while its page shows the same."""

    row: RevisionRow
    system: SystemRow | None = None

    @property
    def is_ended(self) -> bool:
        return self.row.status in ENDED_STATUSES

    @property
    def is_stopped(self) -> bool:
        """Whether a person or a moment is waited for, of which its page tells."""
        return self.row.status in FAILED_STATUSES | {ProcessStatus.SUSPENDED, ProcessStatus.WAITING}

    @property
    def present_plan(self) -> str:
        """The fingerprint of the plan of this release, where a stopped process may not fit it; else empty."""
        workflow = registry.all_workflows().get(self.row.workflow_name) if self.is_stopped else None
        return workflow.fingerprint if workflow else ""

    @cached_property
    def process(self) -> Process:
        """The process of this revision, with its workflow; its plan and its traceback are read when asked for."""
        row = self.row
        process = Process.from_db(DEFAULT_DB_ALIAS, _FIELDS, [_value(name, getattr(row, name)) for name in _FIELDS])
        version = WorkflowVersion.from_db(
            DEFAULT_DB_ALIAS, ["id", "workflow_id", "fingerprint"], [row.workflow_version_id, row.workflow_id, row.plan]
        )
        version.workflow = Workflow.from_db(DEFAULT_DB_ALIAS, ["id", "description"], [row.workflow_id, row.description])
        process.workflow_version = version
        return process


def revision(process_id: UUID) -> Revision:
    """How the process is now, in one statement, and one more while it waits for an external system.

    Raises Process.DoesNotExist.
    """
    row = revision_row(process_id)
    if row is None:
        raise Process.DoesNotExist
    if not row.blocked_by_system:
        return Revision(row)
    return Revision(row, external_systems.row(row.blocked_by_system, narrowed(Process.objects.all())))


def _value(name: str, value: Any) -> Any:
    """A column as the model has it."""
    match name:
        case "id":
            return uuid(value)
        case "progress":
            return orjson.loads(value) if isinstance(value, str) else value
        case "is_task":
            return bool(value)
    return moment(value) if name in _MOMENTS else value
