"""What decides whether the page of a process has changed: its row, and what it waits for."""

from dataclasses import dataclass
from uuid import UUID

from processes.engine.values.status import ENDED_STATUSES, FAILED_STATUSES, ProcessStatus
from processes.models import Process
from processes.plugins import registry
from processes.queries import external_systems
from processes.queries.external_systems import SystemRow
from processes.store.revision import RevisionRow, revision_row


@dataclass(frozen=True)
class Revision(RevisionRow):
    """A process as far as its page depends on it; `system` is the external system that it waits for."""

    system: SystemRow | None = None

    @property
    def is_ended(self) -> bool:
        return self.status in ENDED_STATUSES

    @property
    def is_stopped(self) -> bool:
        """Whether a person or a moment is waited for, of which its page tells."""
        return self.status in FAILED_STATUSES | {ProcessStatus.SUSPENDED, ProcessStatus.WAITING}

    @property
    def present_plan(self) -> str:
        """The fingerprint of the plan of this release, where a stopped process may not fit it; else empty."""
        workflow = registry.all_workflows().get(self.workflow_name) if self.is_stopped else None
        return workflow.fingerprint if workflow else ""


def revision(process_id: UUID) -> Revision:
    """How the process is now, in one statement, and one more while it waits for an external system.

    Raises Process.DoesNotExist.
    """
    row = revision_row(process_id)
    if row is None:
        raise Process.DoesNotExist
    return Revision(**vars(row), system=external_systems.row(row.blocked_by_system) if row.blocked_by_system else None)
