"""Tables of processes: definitions, runs, locks, workers, who did what.

Not here: who writes them (`processes.store`, `processes.actions`). The rule: a row of `Process` is moved by `store`.
Without code so far: `Wait`, `Inbox`, `Outbox`, `Schedule`, `ScheduleRun`, `Notification`. Begin with `process`.
"""

from processes.models.audit import AuditEvent, AuditHead, RefusalTally
from processes.models.external_systems import ExternalSystem, SystemSlot
from processes.models.grants import AccessGrant, GrantEffect
from processes.models.locks import ResourceLock
from processes.models.messages import Inbox, Outbox
from processes.models.notifications import Notification
from processes.models.process import Process, ProcessSubject, StateSnapshot, Step
from processes.models.requests import FormDraft, Idempotency
from processes.models.schedules import Schedule, ScheduleRun
from processes.models.settings import EngineSettings
from processes.models.waits import Wait
from processes.models.workers import Worker
from processes.models.workflow import Workflow, WorkflowVersion

__all__ = [
    "AccessGrant",
    "AuditEvent",
    "AuditHead",
    "EngineSettings",
    "ExternalSystem",
    "FormDraft",
    "GrantEffect",
    "Idempotency",
    "Inbox",
    "Notification",
    "Outbox",
    "Process",
    "ProcessSubject",
    "RefusalTally",
    "ResourceLock",
    "Schedule",
    "ScheduleRun",
    "StateSnapshot",
    "Step",
    "SystemSlot",
    "Wait",
    "Worker",
    "Workflow",
    "WorkflowVersion",
]
